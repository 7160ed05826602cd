import type { ServerResponse } from 'node:http';
import { HARDENING } from '../http/page-headers';
import { makeRequestId } from '../http/request-id';

/** To another address of this server, which is asked by GET. */
export function redirect(
  response: ServerResponse,
  location: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response
    .writeHead(303, {
      ...HARDENING,
      Location: location,
      'Cache-Control': 'no-store',
      'X-Request-Id': makeRequestId(),
      ...headers,
    })
    .end();
}
