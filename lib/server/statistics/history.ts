import { LRUCache } from 'lru-cache';
import type { StoreGuard } from '../store/guard';
import { bucketStart, RESOLUTIONS, type CountedBucket, type Resolution } from '../store/port';
import { LATE_MS, type Recorder } from './recorder';

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
}

const READ_TIMEOUT_MS = 2_000;
/** A bucket that is over is read again now and then, for counts that an outage held back. */
const CLOSED_KEPT_MS = 600_000;
const MAX_CLOSED = 600;

/** Reads windows of time out of the store; buckets that are over are read once and kept. */
export class History {
  readonly #guard: StoreGuard;
  readonly #recorder: Recorder;
  readonly #now: () => number;
  readonly #closed: LRUCache<string, CountedBucket>;

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
    return { name, resolution, fromMs, toMs, buckets: await this.read(resolution, fromMs, count) };
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
