import { createHash } from 'node:crypto';
import type { ApiRequest } from './api-request';
import { jsonTextResponse } from './json-response';

/** JSON with an ETag; 304 where the client has the same already. */
export function jsonWithEtag(request: Pick<ApiRequest, 'headers'>, body: unknown): Response {
  const text = JSON.stringify(body);
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
  const headers = { ETag: etag, 'Cache-Control': 'no-cache' };
  if (matchesEtag(request.headers.get('if-none-match'), etag)) {
    return new Response(null, {
      status: 304,
      headers: { ...headers, 'Content-Type': 'application/json' },
    });
  }
  return jsonTextResponse(text, { headers });
}

const GZIP_END = /-gzip"$/;

/** The ETag of the gzipped content: other bytes need another ETag. */
export function gzipEtag(etag: string): string {
  return etag.replace(/"$/, '-gzip"');
}

/** Whether If-None-Match names this ETag, weakly compared as RFC 9110 says for it. */
export function matchesEtag(ifNoneMatch: string | null, etag: string): boolean {
  const candidates = (ifNoneMatch ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, '').replace(GZIP_END, '"'));
  return candidates.includes(etag) || candidates.includes('*');
}
