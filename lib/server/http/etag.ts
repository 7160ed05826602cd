import { createHash } from 'node:crypto';
import type { ApiRequest } from './api-request';
import type { Encoding } from './encoding';
import { jsonTextResponse } from './json-response';

/**
 * JSON with an ETag; 304 if the client already has it.
 *
 * @param named the value that is hashed; if it is only a part of the body, the ETag is weak (RFC
 *   9110, 8.8.1)
 */
export function jsonWithEtag(
  request: Pick<ApiRequest, 'headers'>,
  body: unknown,
  named: unknown = body,
): Response {
  const text = JSON.stringify(body);
  const hash = createHash('sha256').update(named === body ? text : JSON.stringify(named));
  const opaque = `"${hash.digest('base64url').slice(0, 27)}"`;
  const etag = named === body ? opaque : `W/${opaque}`;
  const headers = { ETag: etag, 'Cache-Control': 'no-cache' };
  if (matchesEtag(request.headers.get('if-none-match'), etag)) {
    return new Response(null, {
      status: 304,
      headers: { ...headers, 'Content-Type': 'application/json' },
    });
  }
  return jsonTextResponse(text, { headers });
}

const WEAK = /^W\//;
const ENCODING_END = /-(br|gzip)"$/;

/** The ETag of the compressed content: other bytes need another ETag. */
export function encodedEtag(etag: string, encoding: Encoding): string {
  return etag.replace(/"$/, `-${encoding}"`);
}

/** Whether If-None-Match names this ETag, weakly compared as RFC 9110 says for it. */
export function matchesEtag(ifNoneMatch: string | null, etag: string): boolean {
  const opaque = (tag: string) => tag.trim().replace(WEAK, '').replace(ENCODING_END, '"');
  const candidates = (ifNoneMatch ?? '').split(',').map(opaque);
  return candidates.includes(opaque(etag)) || candidates.includes('*');
}
