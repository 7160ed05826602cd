import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const ID_BYTES = 16;

// Random bytes for many ids: drawing them costs more than everything else in making an id.
const pool = new Uint8Array(256 * ID_BYTES);
let used = pool.length;

/** A request id that a client may choose: a token (RFC 9110) of at most 128 characters. */
const CLIENT_ID = /^[\w!#$%&'*+.^`|~-]{1,128}$/;

/** The client's X-Request-Id, if it is valid. */
export function requestIdOf(headers: Pick<Headers, 'get'>): string | undefined {
  const given = headers.get('x-request-id') ?? '';
  return CLIENT_ID.test(given) ? given : undefined;
}

/** A UUID version 7: ids sort by the millisecond in which they were made. */
export function makeRequestId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, used + ID_BYTES);
  used += ID_BYTES;
  return v7({ random });
}
