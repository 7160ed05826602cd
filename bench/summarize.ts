import { quantile } from '@/lib/shared/numbers/quantile';

export function summarize(samples: readonly number[]): string {
  const at = (share: number) => quantile(samples, share).toFixed(1);
  return `${samples.length} samples, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms`;
}
