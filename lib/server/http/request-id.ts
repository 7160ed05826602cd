import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const ID_BYTES = 16;

// Random bytes for many ids at once: each draw costs more than the rest of an id.
const pool = new Uint8Array(256 * ID_BYTES);
let used = pool.length;

/** What a client may call a request: a token (RFC 9110) of at most 128 characters. */
const CLIENT_ID = /^[\w!#$%&'*+.^`|~-]{1,128}$/;

/** How the client calls the request, where it does and so that it can be logged. */
export function requestIdOf(headers: Pick<Headers, 'get'>): string | undefined {
  const given = headers.get('x-request-id') ?? '';
  return CLIENT_ID.test(given) ? given : undefined;
}

/** A UUID version 7: ids of later milliseconds sort behind those of earlier ones. */
export function makeRequestId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, used + ID_BYTES);
  used += ID_BYTES;
  return v7({ random });
}
