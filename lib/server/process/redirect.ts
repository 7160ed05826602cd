import type { IncomingMessage, ServerResponse } from 'node:http';
import { HARDENING } from '../http/page-headers';
import { nameOf } from './refuse';

/** Sends a client to another address of this server, which it then asks by GET. */
export function redirect(
  request: Pick<IncomingMessage, 'headers'>,
  response: ServerResponse,
  location: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response
    .writeHead(303, {
      ...HARDENING,
      Location: location,
      'Cache-Control': 'no-store',
      'X-Request-Id': nameOf(request),
      ...headers,
    })
    .end();
}
