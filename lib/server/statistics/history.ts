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

export interface Window {
  readonly name: WindowName;
  readonly resolution: Resolution;
  readonly fromMs: number;
  readonly toMs: number;
  /** Every bucket of the window in order, those without counts too. */
  readonly buckets: readonly CountedBucket[];
  /** All of them added. */
  readonly sums: ReadonlyMap<string, number>;
}

const READ_TIMEOUT_MS = 2_000;
/** A bucket that is over is read again now and then, for counts that an outage held back. */
const CLOSED_KEPT_MS = 600_000;
const MAX_CLOSED = 600;
const PREPARED_AT_ONCE = 24;

/** Reads windows of time out of the store; buckets that are over are read once and kept. */
export class History {
  readonly #guard: StoreGuard;
  readonly #recorder: Recorder;
  readonly #now: () => number;
  readonly #closed: LRUCache<string, CountedBucket>;
  readonly #sums = new LRUCache<string, Map<string, number>>({ max: 8, ttl: CLOSED_KEPT_MS });

  constructor(guard: StoreGuard, recorder: Recorder, now: () => number = Date.now) {
    this.#guard = guard;
    this.#recorder = recorder;
    this.#now = now;
    this.#closed = new LRUCache({ max: MAX_CLOSED, ttl: CLOSED_KEPT_MS });
  }

  /** @throws StoreAwayError if what is needed cannot be read */
  async window(name: WindowName): Promise<Window> {
    const { resolution, buckets: count } = WINDOWS[name];
    const { bucketMs } = RESOLUTIONS[resolution];
    const toMs = this.#now();
    const fromMs = bucketStart(resolution, toMs) - (count - 1) * bucketMs;
    const buckets = await this.read(resolution, fromMs, count);
    return { name, resolution, fromMs, toMs, buckets, sums: this.#sum(name, buckets) };
  }

  /** Reads what the longest window needs in small steps, so that nobody who asks first waits for it. */
  async prepare(): Promise<void> {
    const { resolution, buckets: count } = WINDOWS['7d'];
    const { bucketMs } = RESOLUTIONS[resolution];
    const last = bucketStart(resolution, this.#now());
    for (let back = count; back > 0; back -= PREPARED_AT_ONCE) {
      const several = Math.min(PREPARED_AT_ONCE, back);
      await this.read(resolution, last - back * bucketMs, several);
    }
  }

  /** Of the buckets that are over only what is new is added to what was added before. */
  #sum(name: WindowName, buckets: readonly CountedBucket[]): Map<string, number> {
    const over = buckets.filter((bucket) =>
      this.#closed.has(key(bucket.resolution, bucket.startMs)),
    );
    const span = `${name}:${over[0]?.startMs}:${over.at(-1)?.startMs}:${over.length}`;
    const sums = this.#sums.get(span) ?? sumCounts(over);
    this.#sums.set(span, sums);
    const rest = buckets.filter((bucket) => !over.includes(bucket));
    return sumCounts([...rest], new Map(sums));
  }

  async read(resolution: Resolution, fromMs: number, count: number): Promise<CountedBucket[]> {
    await this.#recorder.flush();
    const { bucketMs } = RESOLUTIONS[resolution];
    const starts = Array.from({ length: count }, (_, i) => fromMs + i * bucketMs);
    const missing = starts.filter((startMs) => !this.#closed.has(key(resolution, startMs)));
    const fresh = new Map<number, CountedBucket>();
    if (missing.length > 0) {
      const [first, last] = [missing[0]!, missing.at(-1)! + bucketMs];
      const read = await this.#guard.run(
        (store) => store.readCounts(resolution, first, last),
        READ_TIMEOUT_MS,
      );
      for (const bucket of read) fresh.set(bucket.startMs, bucket);
    }
    return starts.map((startMs) => {
      const kept = this.#closed.get(key(resolution, startMs));
      if (kept) return kept;
      const bucket = fresh.get(startMs) ?? { resolution, startMs, counts: {} };
      const isOver = startMs + bucketMs + LATE_MS < this.#now();
      if (isOver) this.#closed.set(key(resolution, startMs), bucket);
      return bucket;
    });
  }
}

function key(resolution: Resolution, startMs: number): string {
  return `${resolution}:${startMs}`;
}
