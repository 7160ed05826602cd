import type { HealthResponse } from '@/lib/shared/contract/health';
import type { ModelRegistry } from '../models/registry';
import type { InferencePool } from './pool';

type Pool = Pick<InferencePool, 'state' | 'failure' | 'providers' | 'warm' | 'workers' | 'canRun'>;
type Registry = Pick<ModelRegistry, 'models' | 'broken' | 'hasDefault' | 'isDefault'>;

/**
 * Whether predictions can be answered, with the reason if not. Health, the gauge `sightline_ready`,
 * the heartbeat and the readiness probes all use this function.
 */
export function checkModel(pool: Pool, registry: Registry): HealthResponse['checks']['model'] {
  const { models, broken } = registry;
  const unavailable = (detail: string) => ({ status: 'unavailable', detail }) as const;
  const names = broken.map(({ id, reason }) => `${id}: ${reason}`).join('; ');
  if (pool.state === 'failed') return unavailable(`loading failed: ${pool.failure?.message ?? ''}`);
  if (pool.state === 'stopping') return unavailable('the server is stopping');
  if (models.length === 0) {
    return unavailable(names === '' ? 'no model is installed' : `no model can be served: ${names}`);
  }
  if (!registry.hasDefault) return unavailable(`the default model cannot be served: ${names}`);
  if (pool.state !== 'ready') return unavailable(`the model is ${pool.state}`);
  if (pool.warm === 0) return unavailable('no worker answers: all are being started again');
  const byDefault = models.find((model) => registry.isDefault(model))!;
  if (!pool.canRun(byDefault.id)) {
    return unavailable(`no worker can load the default model: ${names}`);
  }
  const { used, missing = [] } = pool.providers ?? {};
  const reasons = missing.map(({ reason }) => reason);
  if (reasons.length > 0) reasons.push(`models run on ${used}`);
  if (pool.warm < pool.workers) {
    reasons.push(
      `${pool.warm} of ${pool.workers} workers take pictures, the others are being started`,
    );
  }
  if (broken.length > 0) reasons.push(`unreadable model folders: ${names}`);
  return reasons.length === 0
    ? { status: 'ok' }
    : { status: 'degraded', detail: reasons.join('; ') };
}

export function isReady(pool: Pool, registry: Registry): boolean {
  return checkModel(pool, registry).status !== 'unavailable';
}
