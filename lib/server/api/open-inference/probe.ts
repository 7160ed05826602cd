import { jsonResponse } from '../../http/json-response';

/** Whether something is there now: 503 says when to ask again. */
export function probe(status: 200 | 503, body: unknown): Response {
  const retry: Record<string, string> = status === 503 ? { 'Retry-After': '1' } : {};
  return jsonResponse(body, { status, headers: { 'Cache-Control': 'no-store', ...retry } });
}
