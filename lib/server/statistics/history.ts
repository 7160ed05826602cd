import { LRUCache } from 'lru-cache';
import type { StoreGuard } from '../store/guard';
import { bucketStart, RESOLUTIONS, type CountedBucket, type Resolution } from '../store/port';
import { LATE_MS, sumCounts, type Recorder } from './recorder';

export const WINDOWS = {
  '1h': { resolution: 'minute', buckets: 60 },
  '24h': { resolution: 'hour', buckets: 24 },
  '7d': { resolution: 'hour', buckets: 168 },
} as const satisfies Record<string, { resolution: Resolution; buckets: number }>;

export type WindowName = keyof typeof WINDOWS;

export interface Buckets {
  /** Every bucket of the span in order, empty ones included. */
  readonly buckets: readonly CountedBucket[];
  /** The store did not answer or accepts no writes, so some counts are missing. */
  readonly isPartial: boolean;
}

export interface Window extends Buckets {
  readonly name: WindowName;
  /** It ended before now. */
  readonly isPast?: true;
  readonly fromMs: number;
  readonly toMs: number;
  /** All buckets added. */
  readonly sums: ReadonlyMap<string, number>;
}

/** Small enough for a shared store to answer well within the time-out. */
const BUCKETS_AT_ONCE = 24;
/** How often an ended bucket is read again, for counts that an outage delayed. */
const KEPT_MS = 600_000;
const MAX_KEPT = 600;

/** Reads buckets of a span of time from the store; ended buckets are read once and cached. */
export class History {
  readonly #guard: StoreGuard;
  readonly #recorder: Recorder;
  readonly #now: () => number;
  readonly #kept: LRUCache<string, CountedBucket>;
  readonly #sums = new LRUCache<string, Map<string, number>>({ max: 8, ttl: KEPT_MS });

  constructor(guard: StoreGuard, recorder: Recorder, now: () => number = Date.now) {
    this.#guard = guard;
    this.#recorder = recorder;
    this.#now = now;
    this.#kept = new LRUCache({ max: MAX_KEPT, ttl: KEPT_MS });
  }

  /**
   * @param untilMs when the span ends, rounded down to a whole bucket; now without it
   */
  async window(name: WindowName, untilMs?: number): Promise<Window> {
    const { resolution, buckets: count } = WINDOWS[name];
    const { bucketMs } = RESOLUTIONS[resolution];
    if (untilMs !== undefined) {
      const endMs = bucketStart(resolution, untilMs);
      const read = await this.read(resolution, endMs - count * bucketMs, count);
      const sums = sumCounts(read.buckets);
      return { name, isPast: true, fromMs: endMs - count * bucketMs, toMs: endMs, ...read, sums };
    }
    const toMs = this.#now();
    const fromMs = bucketStart(resolution, toMs) - (count - 1) * bucketMs;
    const read = await this.read(resolution, fromMs, count);
    return { name, fromMs, toMs, ...read, sums: this.#sum(name, read.buckets) };
  }

  /** `count` buckets from `fromMs` on. They are partial while the store is unavailable. */
  async read(resolution: Resolution, fromMs: number, count: number): Promise<Buckets> {
    // A shared store lacks at most the last half second of this process's counts.
    if (this.#guard.store.kind === 'embedded') await this.#recorder.flush();
    const { bucketMs } = RESOLUTIONS[resolution];
    const starts = Array.from({ length: count }, (_, i) => fromMs + i * bucketMs);
    const missing = starts.filter((startMs) => !this.#kept.has(keyOf(resolution, startMs)));
    const fresh = new Map<number, CountedBucket>();
    let isRead = true;
    for (let i = 0; i < missing.length && isRead; i += BUCKETS_AT_ONCE) {
      const span = missing.slice(i, i + BUCKETS_AT_ONCE);
      isRead = await this.#readInto(fresh, resolution, span[0]!, span.at(-1)! + bucketMs);
    }
    // While the store accepts no writes, the newest counts wait in the processes.
    const isPartial = !isRead || this.#guard.isUnavailable;
    const buckets = starts.map((startMs) => {
      const kept = this.#kept.get(keyOf(resolution, startMs));
      const bucket = kept ?? fresh.get(startMs) ?? { resolution, startMs, counts: {} };
      if (!kept && !isPartial) this.#keepIfOver(bucket);
      return bucket;
    });
    return { buckets, isPartial };
  }

  /** Reads the longest window in advance. */
  async prepare(): Promise<void> {
    await this.window('7d');
  }

  /** @returns whether the store answered */
  async #readInto(
    found: Map<number, CountedBucket>,
    resolution: Resolution,
    fromMs: number,
    toMs: number,
  ): Promise<boolean> {
    try {
      const buckets = await this.#guard.read((store) => store.readCounts(resolution, fromMs, toMs));
      for (const bucket of buckets) found.set(bucket.startMs, bucket);
      return true;
    } catch {
      return false;
    }
  }

  #keepIfOver(bucket: CountedBucket): void {
    const { bucketMs } = RESOLUTIONS[bucket.resolution];
    if (bucket.startMs + bucketMs + LATE_MS >= this.#now()) return;
    this.#kept.set(keyOf(bucket.resolution, bucket.startMs), bucket);
  }

  /** Adds ended buckets once, and the current bucket each time. */
  #sum(name: WindowName, buckets: readonly CountedBucket[]): Map<string, number> {
    const isKept = ({ resolution, startMs }: CountedBucket) =>
      this.#kept.has(keyOf(resolution, startMs));
    const over = buckets.filter(isKept);
    const span = `${name}:${over[0]?.startMs}:${over.at(-1)?.startMs}:${over.length}`;
    const sums = this.#sums.get(span) ?? sumCounts(over);
    this.#sums.set(span, sums);
    return sumCounts(
      buckets.filter((bucket) => !isKept(bucket)),
      new Map(sums),
    );
  }
}

function keyOf(resolution: Resolution, startMs: number): string {
  return `${resolution}:${startMs}`;
}
