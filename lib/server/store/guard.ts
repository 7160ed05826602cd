import { TaskCancelledError, timeout, TimeoutStrategy } from 'cockatiel';
import { log } from '../log';
import { timeStage } from '../trace';
import { describeFailure } from './failure';
import type { Store } from './port';

/** Time-out of operations on a shared store. */
const TIMEOUT_MS = 300;
const PROBE_TIMEOUT_MS = 2_000;
/** Failures in a row before the store counts as unavailable; one refusal by the store is enough. */
const FAILURES_TO_OPEN = 3;
/** How often an idle store is probed for writes. */
const PROBE_EVERY_MS = 2_000;
/**
 * Over TCP a ping costs nothing; over REST it is billed, so it is sent only to see the store
 * return.
 */
const LOOK_EVERY_MS: Record<Store['kind'], { ok: number; unavailable: number }> = {
  embedded: { ok: 1_000, unavailable: 1_000 },
  redis: { ok: 250, unavailable: 250 },
  upstash: { ok: 30_000, unavailable: 1_000 },
};

/** The store failed or is known to be unavailable. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';

  /** By name: Next bundles routes and start-up apart, so this class exists more than once. */
  static is(error: unknown): error is StoreUnavailableError {
    return error instanceof Error && error.name === 'StoreUnavailableError';
  }
}

/**
 * Counts failures in a row, of reads or of writes. Three of them, or one refusal, close access for
 * requests.
 */
class Access {
  isOpen = true;
  #failures = 0;

  succeed(): void {
    this.#failures = 0;
    this.isOpen = true;
  }

  fail(isRefusal: boolean): void {
    this.#failures++;
    if (isRefusal || this.#failures >= FAILURES_TO_OPEN) this.isOpen = false;
  }
}

/**
 * A circuit breaker for the store. The store counts as available while it accepts writes. Otherwise
 * no request waits for it, and only probes test whether it is back; reads continue while they
 * succeed.
 */
export class StoreGuard {
  readonly store: Store;
  readonly #writes = new Access();
  readonly #reads = new Access();
  readonly #resumers: ((store: Store) => Promise<void>)[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** A request that has waited for one operation does not wait for the next as well. */
  #suspectUntilMs = 0;
  #wroteAtMs = -Infinity;
  #errors = 0;
  #lastError = '';
  #unavailableSinceMs: number | undefined;
  #isStopped = false;

  constructor(store: Store) {
    this.store = store;
    this.#scheduleLook();
  }

  /** Whether the store accepts no writes. */
  get isUnavailable(): boolean {
    return !this.#writes.isOpen;
  }

  /** Failed and timed-out operations since the start. */
  get errors(): number {
    return this.#errors;
  }

  /** Why the last one failed. */
  get lastError(): string {
    return this.#lastError;
  }

  /**
   * The store counts as available again only when `resume` also succeeds: it may write more than
   * the probe.
   */
  beforeReturn(resume: (store: Store) => Promise<void>): void {
    this.#resumers.push(resume);
  }

  /**
   * Runs an operation that writes.
   *
   * @throws StoreUnavailableError if the store fails, is too slow, or accepts no writes
   */
  async run<T>(work: (store: Store) => Promise<T>, timeoutMs = TIMEOUT_MS): Promise<T> {
    const result = await this.#runOn(this.#writes, work, timeoutMs);
    this.#wroteAtMs = performance.now();
    return result;
  }

  /**
   * Runs an operation that only reads.
   *
   * @throws StoreUnavailableError if the store fails, is too slow, or cannot be read
   */
  read<T>(work: (store: Store) => Promise<T>, timeoutMs = TIMEOUT_MS): Promise<T> {
    return this.#runOn(this.#reads, work, timeoutMs);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #runOn<T>(
    access: Access,
    work: (store: Store) => Promise<T>,
    timeoutMs: number,
  ): Promise<T> {
    // Requests do not test whether the store is back: only probes do.
    if (!access.isOpen || performance.now() < this.#suspectUntilMs) {
      throw new StoreUnavailableError('The store is unavailable.');
    }
    return this.#attempt(access, work, timeoutMs);
  }

  async #attempt<T>(
    access: Access,
    work: (store: Store) => Promise<T>,
    timeoutMs: number,
  ): Promise<T> {
    try {
      const result = await timeStage('store', () => this.#withinTime(work, timeoutMs));
      this.#suspectUntilMs = 0;
      if (access.isOpen) access.succeed();
      return result;
    } catch (error) {
      if (error instanceof TaskCancelledError) {
        this.#suspectUntilMs = performance.now() + TIMEOUT_MS;
      }
      const { reason, isRefusal } = describeFailure(error);
      this.#errors++;
      this.#lastError = reason;
      access.fail(isRefusal);
      this.#tell();
      throw new StoreUnavailableError(`The store failed: ${reason}`, { cause: error });
    }
  }

  /** The embedded store works synchronously, so a time-out could not interrupt it. */
  #withinTime<T>(work: (store: Store) => Promise<T>, timeoutMs: number): Promise<T> {
    if (this.store.kind === 'embedded') return work(this.store);
    return timeout(timeoutMs, TimeoutStrategy.Aggressive).execute(() => work(this.store));
  }

  async #look(): Promise<void> {
    if (this.isUnavailable) await this.#tryReturn();
    else if (performance.now() - this.#wroteAtMs >= PROBE_EVERY_MS) await this.#probe();
    else if (this.store.kind !== 'embedded') await this.#ping(this.#writes);
  }

  async #probe(): Promise<void> {
    await this.#attempt(this.#writes, (store) => store.probe(), TIMEOUT_MS);
    this.#wroteAtMs = performance.now();
  }

  #ping(access: Access): Promise<void> {
    return this.#attempt(access, (store) => store.ping(), TIMEOUT_MS);
  }

  async #tryReturn(): Promise<void> {
    try {
      await this.#probe();
      for (const resume of this.#resumers) {
        await this.#attempt(this.#writes, resume, PROBE_TIMEOUT_MS);
      }
    } catch {
      await this.#ping(this.#reads);
      return this.#reads.succeed();
    }
    this.#reads.succeed();
    this.#writes.succeed();
    this.#tell();
  }

  /** Logs each change once. */
  #tell(): void {
    if (this.isUnavailable === (this.#unavailableSinceMs !== undefined)) return;
    const { kind, file } = this.store;
    if (this.#unavailableSinceMs === undefined) {
      this.#unavailableSinceMs = performance.now();
      log.warn({ store: kind, file, reason: this.#lastError }, 'the store takes no writes');
    } else {
      const seconds = Math.round((performance.now() - this.#unavailableSinceMs) / 1000);
      this.#unavailableSinceMs = undefined;
      log.info({ store: kind, file, seconds }, 'the store is back');
    }
  }

  #scheduleLook(): void {
    if (this.#isStopped) return;
    const every = LOOK_EVERY_MS[this.store.kind];
    const look = async () => {
      await this.#look().catch(() => undefined);
      this.#scheduleLook();
    };
    this.#timer = setTimeout(
      () => void look(),
      this.isUnavailable ? every.unavailable : every.ok,
    ).unref();
  }
}
