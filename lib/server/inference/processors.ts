import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * Processors that this process may use, by the scheduler's affinity mask and the quota of its
 * control group. `availableParallelism` of Node 20 ignores the quota.
 */
export function availableProcessors(): number {
  return Math.max(1, Math.min(availableParallelism(), Math.ceil(cgroupQuota())));
}

/**
 * The number of pool workers for so many processors: one more, because a worker sleeps while the
 * decoder's thread or the main thread works for it. On one processor those threads fill the gaps
 * themselves (bench/README.md, "What was made faster").
 */
export function workersFor(processors: number): number {
  return processors === 1 ? 1 : processors + 1;
}

/** Processors granted by the control group (version 2, then 1); infinite where there is no limit. */
function cgroupQuota(): number {
  const unified = readText('/sys/fs/cgroup/cpu.max');
  if (unified !== undefined) return parseCpuMax(unified);
  const quota = readText('/sys/fs/cgroup/cpu/cpu.cfs_quota_us');
  const period = readText('/sys/fs/cgroup/cpu/cpu.cfs_period_us');
  return quota === undefined || period === undefined ? Infinity : parseCpuMax(`${quota} ${period}`);
}

/** "200000 100000" → 2 processors; "max 100000" and "-1 100000" → infinite. */
export function parseCpuMax(text: string): number {
  const [quota = 'max', period = '100000'] = text.trim().split(/\s+/);
  const share = Number(quota) / Number(period);
  return share > 0 ? share : Infinity;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
