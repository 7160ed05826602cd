/**
 * Next renders the pages: its documented custom server, on the traced output of its build. Only
 * this file relies on two facts that Next does not document: the traced server reads its
 * configuration from this variable, and the build leaves the configuration in this file.
 */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import path from 'node:path';
import compression from 'compression';
import { log } from '../log';
import type { Listener } from './api-listener';

export const CONFIG_VARIABLE = '__NEXT_PRIVATE_STANDALONE_CONFIG';
export const CONFIG_FILE = path.join('.next', 'required-server-files.json');

export interface PageOptions {
  /** The folder of the build, or in development of the sources. */
  readonly root: string;
  readonly isDevelopment: boolean;
  readonly server: Server;
  readonly hostname: string;
  readonly port: number;
  /** Next is loaded then, or before that for the first request. */
  readonly loadAfter: Promise<unknown>;
}

/** Next's own compression knows gzip only. */
const compress = compression() as unknown as (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void;

/**
 * @returns the handler of pages; requests wait until it is ready. Loading Next takes about a second
 *   of the main thread, which the first prediction need not wait for.
 */
export function openPages({ loadAfter, ...options }: PageOptions): Listener {
  const { isDevelopment, root } = options;
  if (!isDevelopment) process.env[CONFIG_VARIABLE] = readBuiltConfig(root);
  let handling: Promise<Handler> | undefined;
  const load = () => (handling ??= loadNext(options));
  loadAfter.then(load).catch((err: unknown) => log.error({ err }, 'pages cannot be served'));
  const answer: Listener = (request, response) => {
    load()
      .then((handle) => handle(request, response))
      .catch((error: Error) => response.destroy(error));
  };
  return (request, response) => {
    dropInternalHeaders(request);
    if (isDevelopment) answer(request, response);
    else compress(request, response, () => answer(request, response));
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

async function loadNext({
  root,
  isDevelopment,
  server,
  hostname,
  port,
}: Omit<PageOptions, 'loadAfter'>): Promise<Handler> {
  // A library that is loaded late crosses no border.
  // eslint-disable-next-line no-restricted-syntax
  const { default: next } = await import('next');
  const app = next({
    dev: isDevelopment,
    dir: root,
    customServer: true,
    hostname,
    port,
    // While somebody listens for upgrades, a request that offers another protocol (h2c, which many
    // clients offer) is never answered in this one. Only the development server has a use for them.
    httpServer: isDevelopment ? server : (new EventEmitter() as Server),
  });
  await app.prepare();
  return app.getRequestHandler();
}

/** Headers between Next's own servers: Next trusts them from any client. */
const INTERNAL_HEADERS =
  /^x-(middleware-|invoke-|nextjs-data$|matched-path$|now-route-matches$|nonce$)/;

function dropInternalHeaders({ headers }: IncomingMessage): void {
  for (const name of Object.keys(headers)) {
    if (INTERNAL_HEADERS.test(name)) delete headers[name];
  }
}

function readBuiltConfig(root: string): string {
  const { config } = JSON.parse(readFileSync(path.join(root, CONFIG_FILE), 'utf8')) as {
    config: unknown;
  };
  return JSON.stringify(config);
}
