/** The HTTP server. A request passes its steps in the order of this file. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createApi } from '../api/app';
import type { Runtime } from '../api/runtime';
import { staticFiles, type StaticFiles } from '../http/static-files';
import { apiListener, type Listener } from './api-listener';
import { Connections } from './connections';
import { answerAtGate, isApi, pathOf } from './gate';
import { endLingering } from './linger';
import { openPages } from './pages';
import { send } from './send';

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
  const answer = requestListener({
    connections,
    // In development Next serves these files: they change with the sources.
    files: isDevelopment ? () => undefined : staticFiles(root, runtime.settings.corsOrigins),
    api: apiListener(createApi(runtime)),
    pages: openPages({ root, isDevelopment, server, hostname, port }),
  });
  server.on('request', answer);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, hostname, resolve);
  });
  return { server, connections };
}

interface Way {
  readonly connections: Connections;
  readonly files: StaticFiles;
  readonly api: Listener;
  readonly pages: Listener;
}

function requestListener({ connections, files, api, pages }: Way): Listener {
  return (request, response) => {
    connections.begin(response);
    endLingering(request, response);
    if (answerAtGate(request, response)) return;
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

function toFileRequest({ method = 'GET', headers }: IncomingMessage): Parameters<StaticFiles>[0] {
  const get = (name: string) => headers[name]?.toString() ?? null;
  return { method, headers: { get, has: (name) => name in headers } };
}

function sendFile(file: Response, request: IncomingMessage, response: ServerResponse) {
  return send(file, request, response).catch((error: Error) => response.destroy(error));
}
