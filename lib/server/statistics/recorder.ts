import { randomUUID } from 'node:crypto';
import type { StoreGuard } from '../store/guard';
import {
  bucketStart,
  RESOLUTIONS,
  type CountBatch,
  type Counts,
  type Resolution,
} from '../store/port';

/** How long an answer may wait on a shared store to be counted. */
const FLUSH_EVERY_MS = 500;
const FLUSH_TIMEOUT_MS = 2_000;
/** Different fields that may wait while the store is away; about 10 MB. */
const MAX_WAITING_FIELDS = 100_000;

type Pending = Map<
  string,
  { resolution: Resolution; startMs: number; counts: Record<string, number> }
>;

/**
 * Counts. On the embedded store an answer is counted before it leaves; on a shared one counts gather
 * and go out together, each batch under an id of its own, so that one that is sent twice counts once.
 */
export class Recorder {
  readonly #guard: StoreGuard;
  readonly #now: () => number;
  #pending: Pending = new Map();
  #pendingFields = 0;
  #dropped = 0;
  /** Sent, not confirmed: goes out again, as it is, before anything else. */
  #unconfirmed: CountBatch | undefined;
  #flushing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(guard: StoreGuard, now: () => number = Date.now) {
    this.#guard = guard;
    this.#now = now;
    if (guard.store.kind !== 'embedded') {
      this.#timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS).unref();
    }
  }

  /** Counts that were lost because the store was away for too long. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Counts one of each field; resolves when the answer may leave. */
  async record(
    fields: readonly string[],
    resolutions: readonly Resolution[] = ['minute', 'hour'],
  ): Promise<void> {
    for (const resolution of resolutions) this.#add(resolution, fields);
    if (this.#guard.store.kind === 'embedded') await this.flush();
  }

  /** Sends what waits; whoever calls meanwhile gets into the next batch and waits for that. */
  async flush(): Promise<void> {
    await this.#flushing;
    this.#flushing ??= this.#send().finally(() => (this.#flushing = undefined));
    await this.#flushing;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  #add(resolution: Resolution, fields: readonly string[]): void {
    const startMs = bucketStart(resolution, this.#now());
    const key = `${resolution}:${startMs}`;
    const bucket = this.#pending.get(key) ?? { resolution, startMs, counts: {} };
    this.#pending.set(key, bucket);
    for (const field of fields) {
      const isNew = !(field in bucket.counts);
      if (isNew && this.#pendingFields >= MAX_WAITING_FIELDS) {
        this.#dropped++;
        continue;
      }
      if (isNew) this.#pendingFields++;
      bucket.counts[field] = (bucket.counts[field] ?? 0) + 1;
    }
  }

  /** A turn of the event loop later, so that requests answered side by side share one transaction. */
  async #send(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    const batch = this.#unconfirmed ?? this.#take();
    if (!batch) return;
    this.#unconfirmed = batch;
    try {
      await this.#guard.run((store) => store.addCounts(batch), FLUSH_TIMEOUT_MS);
      this.#unconfirmed = undefined;
    } catch {
      // The guard has noted it; the batch waits for the next time.
      return;
    }
    if (this.#pending.size > 0) await this.#send();
  }

  #take(): CountBatch | undefined {
    if (this.#pending.size === 0) return undefined;
    const buckets = [...this.#pending.values()];
    this.#pending = new Map();
    this.#pendingFields = 0;
    return { id: randomUUID(), buckets };
  }
}

/** How much longer than the bucket itself its counts may still come in. */
export const LATE_MS = RESOLUTIONS.minute.bucketMs;

/** Adds the counts of several buckets onto `sums`. */
export function sumCounts(
  buckets: readonly { counts: Counts }[],
  sums = new Map<string, number>(),
): Map<string, number> {
  for (const { counts } of buckets) {
    for (const field in counts) sums.set(field, (sums.get(field) ?? 0) + counts[field]!);
  }
  return sums;
}
