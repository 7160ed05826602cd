/** Files whose address names their content: sent as they were compressed when they were built. */
import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import sirv, { type RequestHandler } from 'sirv';

/** Addresses by prefix, and where their files lie in the folder of the built server. */
const FOLDERS = {
  '/_next/static/': '.next/static',
  '/ort/': 'public/ort',
  '/workers/': 'public/workers',
  '/viewer/': 'public/viewer',
};

const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60;

/** As Next sends with every page, so that isolated pages may load them and run them as workers. */
export const PAGE_HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** @returns whether it answered; false for whatever is no such file */
export type StaticFiles = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Reads the lists of files once: a build does not change while it is served. Beside a file may lie
 * the same with `.br` or `.gz` at its end, which clients that take it get instead.
 *
 * @param root folder of the built server
 */
export function staticFiles(root: string): StaticFiles {
  const handlers = Object.entries(FOLDERS)
    .map(([prefix, folder]) => ({ prefix, folder: path.join(root, folder) }))
    // A platform that serves such files itself does not give them to the function.
    .filter(({ folder }) => existsSync(folder))
    .map(({ prefix, folder }) => ({ prefix, handle: serve(folder) }));
  return (request, response) => {
    const { method, url = '' } = request;
    if (method !== 'GET' && method !== 'HEAD') return false;
    const found = handlers.find(({ prefix }) => url.startsWith(prefix));
    if (!found) return false;
    // The library answers at once, or calls this.
    let isAnswered = true;
    request.url = url.slice(found.prefix.length - 1);
    found.handle(request, response, () => {
      isAnswered = false;
    });
    request.url = url;
    return isAnswered;
  };
}

function serve(folder: string): RequestHandler {
  return sirv(folder, {
    brotli: true,
    gzip: true,
    etag: true,
    immutable: true,
    maxAge: ONE_YEAR_SECONDS,
    setHeaders: (response) => {
      for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
    },
  });
}
