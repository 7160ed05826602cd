/** Latency in buckets that grow by a tenth: a percentile is off by 5 % at the most. */

const SMALLEST_MS = 0.1;
const GROWTH = 1.1;
/** Up to about 60 seconds. */
const LAST_BUCKET = 140;

/** The bucket of a latency: 0 up to 0.1 ms, then each a tenth wider than the one before. */
export function latencyBucket(ms: number): number {
  if (!(ms > SMALLEST_MS)) return 0;
  return Math.min(LAST_BUCKET, Math.ceil(Math.log(ms / SMALLEST_MS) / Math.log(GROWTH)));
}

/** The middle of a bucket, in milliseconds. */
function bucketMiddleMs(bucket: number): number {
  return SMALLEST_MS * GROWTH ** (bucket - 0.5);
}

/**
 * The latency below which a share of the samples lies (nearest rank), from counts by bucket; 0
 * where there are no samples.
 */
export function percentileMs(byBucket: ReadonlyMap<number, number>, share: number): number {
  const buckets = [...byBucket].sort(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return 0;
  let left = Math.max(1, Math.ceil(share * total));
  for (const [bucket, count] of buckets) {
    left -= count;
    if (left <= 0) return Math.round(bucketMiddleMs(bucket) * 100) / 100;
  }
  return 0;
}
