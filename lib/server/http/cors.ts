import type { ApiRequest } from './api-request';
import { vary } from './vary';

const ALLOWED_HEADERS =
  'Accept, Authorization, Content-Type, If-None-Match, If-Range, Range, X-Api-Key';
/** Headers that pages of other origins may read. */
const EXPOSED_HEADERS =
  'Accept-Ranges, Allow, Content-Range, ETag, RateLimit, RateLimit-Policy, Retry-After, Server-Timing, X-Cache, X-Error-Code, X-Linked-Etag, X-Linked-Size, X-Repo-Commit, X-Request-Id';
const PREFLIGHT_SECONDS = 600;

/**
 * Allows pages of the origins in the setting CORS_ORIGINS; `*` is any. The browser's own
 * credentials, such as cookies, are never allowed: the page must send a key in a header.
 */
export function allowOrigin(
  request: Pick<ApiRequest, 'headers'>,
  response: Response,
  origins: readonly string[],
): Response {
  if (origins.length === 0) return response;
  const any = origins.includes('*');
  if (!any) vary(response.headers, 'Origin');
  const origin = request.headers.get('origin');
  if (origin === null || !(any || origins.includes(origin))) return response;
  response.headers.set('Access-Control-Allow-Origin', any ? '*' : origin);
  response.headers.set('Access-Control-Expose-Headers', EXPOSED_HEADERS);
  return response;
}

/**
 * The answer to OPTIONS: the allowed methods, and for a preflight of an allowed origin the CORS
 * headers.
 */
export function optionsResponse(
  request: Pick<ApiRequest, 'headers'>,
  methods: readonly string[],
  origins: readonly string[],
): Response {
  const allow = methods.join(', ');
  const response = new Response(null, { status: 204, headers: { Allow: allow } });
  allowOrigin(request, response, origins);
  if (!response.headers.has('access-control-allow-origin')) return response;
  response.headers.set('Access-Control-Allow-Methods', allow);
  response.headers.set('Access-Control-Allow-Headers', ALLOWED_HEADERS);
  response.headers.set('Access-Control-Max-Age', String(PREFLIGHT_SECONDS));
  return response;
}
