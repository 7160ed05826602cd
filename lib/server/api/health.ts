import type { HealthResponse, HealthStatus } from '@/lib/shared/contract/health';
import { jsonResponse } from '../http/json-response';
import type { Runtime } from '../process/runtime';
import { version } from '../../../package.json';

const WORST_FIRST: readonly HealthStatus[] = ['unavailable', 'degraded', 'ok'];

/** GET /api/health: 503 while nothing can be predicted. */
export function health({ pool, registry, guard, startedAt }: Runtime, now: Date): Response {
  const checks = {
    model: modelCheck(pool, registry),
    store: storeCheck(guard),
    queue: queueCheck(pool),
  };
  const status = WORST_FIRST.find((candidate) =>
    Object.values(checks).some((check) => check.status === candidate),
  )!;
  const body: HealthResponse = {
    status,
    checks,
    version,
    uptimeSeconds: Math.floor((now.getTime() - startedAt.getTime()) / 1000),
  };
  return jsonResponse(body, {
    status: status === 'unavailable' ? 503 : 200,
    headers: {
      'Cache-Control': 'no-store',
      ...(status === 'unavailable' ? { 'Retry-After': '1' } : {}),
    },
  });
}

function modelCheck(
  pool: Runtime['pool'],
  { models, broken }: Runtime['registry'],
): HealthResponse['checks']['model'] {
  const names = broken.map(({ id, reason }) => `${id}: ${reason}`).join('; ');
  if (models.length === 0) {
    const detail =
      broken.length === 0 ? 'no model is installed' : `no model can be served: ${names}`;
    return { status: 'unavailable', detail };
  }
  if (pool.state === 'failed') {
    return { status: 'unavailable', detail: `loading failed: ${pool.failure?.message ?? ''}` };
  }
  if (pool.state === 'stopping') return { status: 'unavailable', detail: 'the server is stopping' };
  if (pool.state !== 'ready')
    return { status: 'unavailable', detail: `the model is ${pool.state}` };
  if (broken.length === 0) return { status: 'ok' };
  return { status: 'degraded', detail: `unreadable model folders: ${names}` };
}

function storeCheck({
  store,
  isAway,
  lastError,
}: Runtime['guard']): HealthResponse['checks']['store'] {
  const { kind } = store;
  if (!isAway) return { status: 'ok', kind };
  const detail = `takes no writes: ${lastError}; meanwhile counts wait and quotas are kept by this process alone`;
  return { status: 'degraded', kind, detail };
}

function queueCheck({ waiting, limit }: Runtime['pool']): HealthResponse['checks']['queue'] {
  return { status: waiting >= limit ? 'degraded' : 'ok', waiting, limit };
}
