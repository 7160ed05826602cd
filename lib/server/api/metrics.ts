import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../http/api-error';
import type { ApiRequest } from '../http/api-request';
import { OPEN_METRICS_TYPE, toOpenMetrics, wantsOpenMetrics } from '../http/open-metrics';
import type { Runtime } from './runtime';
import type { Route, RouteContext } from './route';

/**
 * GET /api/metrics, in Prometheus' text format, or OpenMetrics where that is asked for.
 *
 * @throws ApiError `unknown-key` where METRICS_TOKEN is set and the bearer token is not that one
 */
export async function exposeMetrics(
  { request }: RouteContext,
  { settings: { metricsToken }, metrics: { registry } }: Runtime,
): Promise<Response> {
  if (metricsToken !== undefined) assertToken(request, metricsToken);
  const text = await registry.metrics();
  const isOpen = wantsOpenMetrics(request.headers.get('accept'));
  return new Response(isOpen ? toOpenMetrics(text) : text, {
    headers: {
      'Content-Type': isOpen ? OPEN_METRICS_TYPE : registry.contentType,
      'Cache-Control': 'no-store',
      Vary: 'Accept',
    },
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

/** Hashes to a fixed length, which timingSafeEqual needs. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

export const metricsRoute: Route = {
  name: 'metrics',
  isOpen: true,
  method: 'get',
  path: '/api/metrics',
  id: 'getMetrics',
  tag: 'Operation',
  summary: 'Metrics for Prometheus',
  description: 'Where METRICS_TOKEN is set, only with that bearer token.',
  answers: {
    200: {
      description: 'Text of version 0.0.4, or OpenMetrics 1.0 where Accept names it.',
      content: {
        'text/plain': { schema: { type: 'string' } },
        'application/openmetrics-text': { schema: { type: 'string' } },
      },
    },
  },
  problems: ['invalid-request', 'unknown-key'],
  handler: exposeMetrics,
};
