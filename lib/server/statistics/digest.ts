import type { CountedBucket } from '../store/port';
import { valueOf } from './fields';
import { percentileMs } from './histogram';

/** Figures of one bucket for the charts and the uptime. */
export interface Digest {
  /** When the bucket begins. */
  readonly at: string;
  readonly requests: number;
  readonly images: number;
  readonly succeeded: number;
  readonly limited: number;
  readonly shed: number;
  /** Errors of the client: not a picture, too large, unknown model. */
  readonly refused: number;
  readonly failed: number;
  readonly server: number;
  readonly browser: number;
  /** Null if there were no look-ups. */
  readonly cacheRatio: number | null;
  /** Share of answers that were uncertain; null without answers. */
  readonly uncertainRatio: number | null;
  /** Null if there were no predictions; 0 ms would be wrong. */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
  /** Minutes of the hour with a heartbeat. */
  readonly upMinutes: readonly number[];
}

const known = new WeakMap<CountedBucket, Digest>();

/** Cached by the bucket's object, which stays the same once the bucket has ended. */
export function digest(bucket: CountedBucket): Digest {
  const before = known.get(bucket);
  if (before) return before;
  const made = compute(bucket);
  known.set(bucket, made);
  return made;
}

function compute({ startMs, counts }: CountedBucket): Digest {
  const of = (field: string) => counts[field] ?? 0;
  const [limited, shed, refused, failed] = ['limited', 'shed', 'refused', 'failed'].map((name) =>
    of(`n:${name}`),
  ) as [number, number, number, number];
  const { hits, misses, ratio } = cacheCounts(of);
  const fields = Object.keys(counts);
  return {
    at: new Date(startMs).toISOString(),
    requests: of('n:requests'),
    images: of('n:images'),
    succeeded: of('n:requests') - limited - shed - refused - failed,
    limited,
    shed,
    refused,
    failed,
    server: of('source:server'),
    browser: of('source:browser'),
    cacheRatio: hits + misses === 0 ? null : ratio,
    uncertainRatio: uncertainRatio(of),
    latencyMs: latencyOf(latencies(Object.entries(counts))),
    upMinutes: fields.flatMap((field) => {
      const minute = valueOf(field, 'up');
      return minute === undefined ? [] : [Number(minute)];
    }),
  };
}

function latencyOf(byBucket: ReadonlyMap<number, number>): Digest['latencyMs'] {
  if (byBucket.size === 0) return null;
  return {
    p50: percentileMs(byBucket, 0.5),
    p95: percentileMs(byBucket, 0.95),
    p99: percentileMs(byBucket, 0.99),
  };
}

/** Counts by latency bucket, out of all fields. */
export function latencies(fields: Iterable<readonly [string, number]>): Map<number, number> {
  const byBucket = new Map<number, number>();
  for (const [field, n] of fields) {
    const bucket = valueOf(field, 'latency');
    if (bucket !== undefined) byBucket.set(Number(bucket), n);
  }
  return byBucket;
}

/** Share of uncertain answers; null if there were no answers. */
export function uncertainRatio(of: (field: string) => number): number | null {
  const [uncertain, certain] = [of('certainty:uncertain'), of('certainty:certain')];
  return uncertain + certain === 0 ? null : uncertain / (uncertain + certain);
}

export function cacheCounts(of: (field: string) => number): {
  hits: number;
  misses: number;
  ratio: number;
} {
  const hits = of('cache:memory') + of('cache:shared');
  const misses = of('cache:miss');
  return { hits, misses, ratio: hits + misses === 0 ? 0 : hits / (hits + misses) };
}
