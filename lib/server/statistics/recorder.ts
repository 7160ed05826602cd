import { randomUUID } from 'node:crypto';
import { log } from '../log';
import type { StoreGuard } from '../store/guard';
import {
  bucketStart,
  RESOLUTIONS,
  type CountBatch,
  type CountedBucket,
  type Counts,
  type Resolution,
  type Store,
} from '../store/port';
import type { CountSpill } from '../store/spill';

/** Interval between writes of counts to a shared store. */
const FLUSH_EVERY_MS = 500;
const FLUSH_TIMEOUT_MS = 2_000;
/** Largest number of different fields that wait while the store is unavailable; about 10 MB. */
const MAX_WAITING_FIELDS = 100_000;

type Pending = Map<
  string,
  { resolution: Resolution; startMs: number; counts: Record<string, number> }
>;

/**
 * Counts answers. The embedded store has a count before the answer leaves. For a shared store
 * counts are sent in batches; each has a number, so that a batch that is sent twice counts once.
 */
export class Recorder {
  readonly #guard: StoreGuard;
  readonly #now: () => number;
  #pending: Pending = new Map();
  #pendingFields = 0;
  #dropped = 0;
  readonly #writer = randomUUID();
  #sequence = 0;
  readonly #spill: CountSpill | undefined;
  /**
   * Batches that were sent but not confirmed, or left by an earlier process; they are sent first,
   * unchanged.
   */
  #unconfirmed: (CountBatch & { readonly file?: string })[] = [];
  #flushing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param spill keeps counts that the store has not accepted when the process stops */
  constructor(guard: StoreGuard, now: () => number = Date.now, spill?: CountSpill) {
    this.#guard = guard;
    this.#now = now;
    this.#spill = spill;
    guard.beforeReturn((store) => this.#sendFirst(store));
    if (guard.store.kind !== 'embedded') {
      this.#timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS).unref();
    }
  }

  /** Counts that were lost because the store was unavailable for too long. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Counts that the store has not taken yet. */
  get waiting(): number {
    const batches: readonly { buckets: readonly CountedBucket[] }[] = this.#unconfirmed;
    return sizeOf([...batches.flatMap(({ buckets }) => buckets), ...this.#pending.values()]);
  }

  /** Sends counts that earlier processes left in DATA_DIR. */
  async takeIn(): Promise<void> {
    const left = (await this.#spill?.read()) ?? [];
    if (left.length === 0) return;
    this.#unconfirmed.unshift(...left);
    const counts = sizeOf(left.flatMap(({ buckets }) => buckets));
    log.info({ files: left.length, counts }, 'counts of an earlier process are taken in');
    await this.flush();
  }

  /** Counts one of each field; resolves when the answer may leave. */
  async record(
    fields: readonly string[],
    resolutions: readonly Resolution[] = ['minute', 'hour'],
  ): Promise<void> {
    if (fields.length === 0) return;
    for (const resolution of resolutions) this.#add(resolution, fields);
    if (this.#guard.store.kind === 'embedded') await this.flush();
  }

  /** Sends waiting counts. Calls made while a batch is being sent wait for the next one. */
  async flush(): Promise<void> {
    await this.#flushing;
    this.#flushing ??= this.#send().finally(() => (this.#flushing = undefined));
    await this.#flushing;
  }

  /**
   * Writes all counts; those that the store does not accept are saved on disk for the next process.
   */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
    const last = this.#take();
    if (last) this.#unconfirmed.push(last);
    // The other batches are on disk already.
    const own = this.#unconfirmed.filter(({ file }) => file === undefined);
    if (own.length === 0) return;
    const counts = sizeOf(own.flatMap(({ buckets }) => buckets));
    try {
      if (!this.#spill) throw new Error('there is no folder to keep them in');
      for (const batch of own) await this.#spill.write(batch);
      log.warn({ counts }, 'counts that the store did not take are kept in DATA_DIR');
    } catch (error) {
      log.error({ err: error, counts }, 'counts that the store did not take are lost');
    }
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

  /**
   * In the next turn of the event loop, so that requests answered in this turn share one
   * transaction.
   */
  async #send(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    const batch = this.#unconfirmed[0] ?? this.#take();
    if (!batch) return;
    if (this.#unconfirmed.length === 0) this.#unconfirmed = [batch];
    try {
      await this.#guard.run((store) => this.#sendFirst(store), FLUSH_TIMEOUT_MS);
    } catch {
      // The guard has recorded the failure; the batch is sent again next time.
      return;
    }
    if (this.#unconfirmed.length > 0 || this.#pending.size > 0) await this.#send();
  }

  async #sendFirst(store: Store): Promise<void> {
    const [batch] = this.#unconfirmed;
    if (!batch) return;
    await store.addCounts(batch);
    if (this.#unconfirmed[0] === batch) this.#unconfirmed.shift();
    if (batch.file !== undefined) await this.#spill?.remove(batch.file);
  }

  #take(): CountBatch | undefined {
    if (this.#pending.size === 0) return undefined;
    const buckets = [...this.#pending.values()];
    this.#pending = new Map();
    this.#pendingFields = 0;
    return { writer: this.#writer, sequence: ++this.#sequence, buckets };
  }
}

function sizeOf(buckets: readonly { counts: Counts }[]): number {
  const ofBucket = ({ counts }: { counts: Counts }) =>
    Object.values(counts).reduce((sum, n) => sum + n, 0);
  return buckets.reduce((sum, bucket) => sum + ofBucket(bucket), 0);
}

/** How long after a bucket's end its counts can still arrive. */
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
