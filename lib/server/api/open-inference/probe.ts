import { jsonResponse } from '../../http/json-response';

/** The answer of a probe; 503 has Retry-After. */
export function probe(status: 200 | 503, body: unknown): Response {
  const retry: Record<string, string> = status === 503 ? { 'Retry-After': '1' } : {};
  return jsonResponse(body, { status, headers: { 'Cache-Control': 'no-store', ...retry } });
}
