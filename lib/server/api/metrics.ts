import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../http/api-error';
import type { ApiRequest } from '../http/api-request';
import type { Runtime } from './runtime';
import {} from './openapi/parts';
import type { Route, RouteContext } from './route';

/**
 * GET /api/metrics, in Prometheus' text format.
 *
 * @throws ApiError `unknown-key` where METRICS_TOKEN is set and the bearer token is not that one
 */
export async function exposeMetrics(
  { request }: RouteContext,
  { settings: { metricsToken }, metrics: { registry } }: Runtime,
): Promise<Response> {
  if (metricsToken !== undefined) assertToken(request, metricsToken);
  return new Response(await registry.metrics(), {
    headers: { 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' },
  });
}

function assertToken(request: ApiRequest, token: string): void {
  const header = request.headers.get('authorization') ?? '';
  const given = /^Bearer\s+(.+)$/i.exec(header)?.[1] ?? '';
  if (timingSafeEqual(digest(given), digest(token))) return;
  throw new ApiError('unknown-key', 'The metrics are for those who know their token.', {
    expected: 'Authorization: Bearer <METRICS_TOKEN>',
    headers: { 'WWW-Authenticate': 'Bearer' },
  });
}

/** Of one length, whatever was given. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

export const metricsRoute: Route = {
  name: 'metrics',
  method: 'get',
  path: '/api/metrics',
  id: 'getMetrics',
  tag: 'Operation',
  summary: 'Metrics for Prometheus',
  description: 'Where METRICS_TOKEN is set, only with that bearer token.',
  answers: {
    200: {
      description: 'Text of version 0.0.4.',
      content: { 'text/plain': { schema: { type: 'string' } } },
    },
  },
  problems: ['invalid-request', 'unknown-key'],
  handler: exposeMetrics,
};
