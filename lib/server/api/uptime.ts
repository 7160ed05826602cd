import type { UptimeResponse } from '@/lib/shared/contract/statistics';
import { jsonResponse } from '../http/json-response';
import { availability, HOUR_MS } from '../statistics/uptime';
import { bucketStart } from '../store/port';
import { MODEL_QUERY, json } from './openapi/parts';
import type { Route, RouteContext } from './route';
import type { Runtime } from './runtime';

const WEEK_HOURS = 168;

/** GET /api/model/uptime; availability comes from recorded heartbeats, 0 to 1. */
async function uptime({ request }: RouteContext, runtime: Runtime): Promise<Response> {
  const { registry, pool, predictionCounter, startedAt } = runtime;
  const model = registry.get(new URL(request.url).searchParams.get('model') ?? undefined);
  const nowMs = Date.now();
  const fromMs = bucketStart('hour', nowMs) - WEEK_HOURS * HOUR_MS;
  const { buckets: hours } = await runtime.history.read('hour', fromMs, WEEK_HOURS + 1);
  const over = (hoursBack: number) =>
    Math.round(availability(hours, nowMs - hoursBack * HOUR_MS, nowMs) * 1e5) / 1e5;
  const body: UptimeResponse = {
    model: { id: model.id, version: model.version },
    loadedAt: startedAt.toISOString(),
    uptimeSeconds: Math.floor((nowMs - startedAt.getTime()) / 1000),
    warmupMs: Math.round(pool.warmupMs),
    predictionsServed: predictionCounter.total,
    lastPredictionAt: predictionCounter.lastAt?.toISOString() ?? null,
    availability: { '1h': over(1), '24h': over(24), '7d': over(WEEK_HOURS) },
  };
  return jsonResponse(body, { headers: { 'Cache-Control': 'no-store' } });
}

export const uptimeRoute: Route = {
  name: 'uptime',
  method: 'get',
  path: '/api/model/uptime',
  id: 'getUptime',
  tag: 'Models',
  summary: 'How long a model has been there',
  description:
    'When it was loaded, how many predictions it has answered, and in which share of the minutes of an hour, a day and a week some replica was ready.',
  parameters: [MODEL_QUERY],
  answers: {
    200: {
      description: 'Availability is a share from 0 to 1.',
      content: json('UptimeResponse'),
    },
  },
  problems: ['invalid-request', 'not-found'],
  handler: uptime,
};
