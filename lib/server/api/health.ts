import type { HealthResponse, HealthStatus } from '@/lib/shared/contract/health';
import { jsonResponse } from '../http/json-response';
import { checkModel } from '../inference/readiness';
import type { Runtime } from '../process/runtime';
import { version } from '../../../package.json';

const WORST_FIRST: readonly HealthStatus[] = ['unavailable', 'degraded', 'ok'];

/** GET /api/health: 503 while nothing can be predicted. */
export function health({ pool, registry, guard, startedAt }: Runtime, now: Date): Response {
  const checks = {
    model: checkModel(pool, registry),
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
