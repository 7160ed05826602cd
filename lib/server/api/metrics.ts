import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiError } from '../http/api-error';
import type { RouteContext } from '../http/route';
import { processSettings } from '../settings';
import { getMetrics } from '../metrics/metrics';

/**
 * GET /api/metrics, in Prometheus' text format.
 *
 * @throws ApiError `unknown-key` where METRICS_TOKEN is set and the bearer token is not that one
 */
export async function exposeMetrics({ request }: RouteContext<unknown>): Promise<Response> {
  const { metricsToken } = processSettings();
  if (metricsToken !== undefined) assertToken(request, metricsToken);
  const { registry } = getMetrics();
  return new Response(await registry.metrics(), {
    headers: { 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' },
  });
}

function assertToken(request: Request, token: string): void {
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
