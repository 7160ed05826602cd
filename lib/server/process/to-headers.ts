import type { IncomingMessage } from 'node:http';
import { withLastHop } from '../quota/address';

/** Headers as handlers read them, with the socket's address in X-Forwarded-For. */
export function toHeaders({
  headers,
  socket,
}: Pick<IncomingMessage, 'headers' | 'socket'>): Pick<Headers, 'get' | 'has'> {
  const own = {
    get: (name: string) => headers[name]?.toString() ?? null,
    has: (name: string) => name in headers,
  };
  return withLastHop(own, socket.remoteAddress ?? 'unknown');
}
