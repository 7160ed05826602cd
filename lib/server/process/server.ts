/** The HTTP server. A request passes its steps in the order of this file. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { SIGN_IN_PATH } from '@/lib/shared/contract/sign-in';
import { createApi } from '../api/app';
import type { Runtime } from '../api/runtime';
import { staticFiles, type StaticFiles } from '../http/static-files';
import { keepOut } from './access';
import { apiListener, type Listener } from './api-listener';
import { Connections } from './connections';
import { answerAtGate, isApi, pathOf } from './gate';
import { endLingering } from './linger';
import { dropCookie, isFromHere } from './own-origin';
import { openPages } from './pages';
import { redirect } from './redirect';
import { send } from './send';
import { answerForm, isForm } from './sign-in';

/** So long requests that waited for the model are answered before Next takes the main thread. */
const FIRST_ANSWERS_MS = 500;

export interface ServerOptions {
  readonly runtime: Runtime;
  /** The folder of the build, or in development of the sources. */
  readonly root: string;
  readonly isDevelopment: boolean;
}

export interface StartedServer {
  readonly server: Server;
  readonly connections: Connections;
}

/** Resolves when it listens. */
export async function startHttpServer({
  runtime,
  root,
  isDevelopment,
}: ServerOptions): Promise<StartedServer> {
  const { hostname, port, keepAliveTimeoutMs } = runtime.settings;
  const server = createServer({ keepAliveTimeout: keepAliveTimeoutMs });
  const connections = new Connections(server);
  const loadAfter = isDevelopment
    ? Promise.resolve()
    : runtime.pool.started().then(() => sleep(FIRST_ANSWERS_MS, undefined, { ref: false }));
  const answer = requestListener({
    connections,
    runtime,
    // In development Next serves these files: they change with the sources.
    files: isDevelopment ? () => undefined : staticFiles(root, runtime.settings.corsOrigins),
    api: apiListener(createApi(runtime)),
    pages: guardPages(
      openPages({ root, isDevelopment, server, hostname, port, loadAfter }),
      runtime,
    ),
  });
  server.on('request', answer);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, hostname, resolve);
  });
  return { server, connections };
}

interface Way {
  readonly connections: Connections;
  readonly runtime: Pick<Runtime, 'identities' | 'settings'>;
  readonly files: StaticFiles;
  readonly api: Listener;
  readonly pages: Listener;
}

function requestListener({ connections, runtime, files, api, pages }: Way): Listener {
  const isClosed = runtime.settings.access === 'keys';
  return (request, response) => {
    connections.begin(response);
    endLingering(request, response);
    if (isClosed && isForm(request)) return void answerForm(request, response, runtime);
    if (answerAtGate(request, response)) return;
    if (isClosed && !isFromHere(request)) dropCookie(request);
    const path = pathOf(request.url ?? '/');
    if (isApi(path)) return api(request, response);
    const file = files(toFileRequest(request), path);
    if (file) void sendFile(file, request, response);
    else {
      // Next answers an invalid Range with 500; RFC 9110 allows a server to ignore ranges.
      delete request.headers.range;
      pages(request, response);
    }
  };
}

/**
 * If ACCESS is `keys`, pages need a key. If it is `public`, the form redirects to the first page.
 */
function guardPages(pages: Listener, { settings, identities }: Way['runtime']): Listener {
  if (settings.access === 'keys') {
    return (request, response) => {
      keepOut(request, response, identities)
        .then((isOut) => isOut || pages(request, response))
        .catch((error: Error) => response.destroy(error));
    };
  }
  return (request, response) => {
    if (pathOf(request.url ?? '/') === SIGN_IN_PATH) redirect(request, response, '/');
    else pages(request, response);
  };
}

function toFileRequest({ method = 'GET', headers }: IncomingMessage): Parameters<StaticFiles>[0] {
  const get = (name: string) => headers[name]?.toString() ?? null;
  return { method, headers: { get, has: (name) => name in headers } };
}

function sendFile(file: Response, request: IncomingMessage, response: ServerResponse) {
  return send(file, request, response).catch((error: Error) => response.destroy(error));
}
