import type { WorkerTask } from './task';

/** Extra time after the decoder's own time-out, which takes effect only between two steps. */
const GRACE_MS = 1_000;
/** How many times as long as at warm-up a run may take, on a machine that is busy otherwise. */
const SLOWDOWN = 20;
export const LOAD_MS = 600_000;
const SECRETS = ['REDIS_URL', 'UPSTASH_REDIS_REST_TOKEN', 'METRICS_TOKEN'];

/**
 * How long a worker may take over a task before it is ended.
 *
 * @param typicalTaskMs what a picture of the slowest model took when it was warmed up
 */
export function taskLimitMs(
  task: WorkerTask,
  decodeTimeoutSeconds: number,
  typicalTaskMs: number,
): number {
  if (task.kind === 'load') return LOAD_MS;
  const rows = task.kind === 'tensor' ? Math.max(1, task.dims[0] ?? 1) : 1;
  return decodeTimeoutSeconds * 1000 + GRACE_MS + SLOWDOWN * rows * typicalTaskMs;
}

/** The environment without secrets, which a compromised decoder could use elsewhere. */
export function workerEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !SECRETS.includes(name));
  return { ...Object.fromEntries(kept), NODE_ENV: env.NODE_ENV, ORT_DISABLE_TELEMETRY: '1' };
}
