import { TaskCancelledError, timeout, TimeoutStrategy } from 'cockatiel';
import { timeStage } from '../trace';
import { Access } from './access';
import { describeFailure } from './failure';
import type { Store } from './port';

/** Time-out of operations on a shared store. */
const TIMEOUT_MS = 300;
const PROBE_TIMEOUT_MS = 2_000;
/**
 * Time between probes for writes, whether or not requests write: their keys can lie on another node
 * of a cluster.
 */
const PROBE_EVERY_MS = 2_000;
/** Over REST each command is billed, so it is probed rarely while nothing has failed. */
const LOOK_EVERY_MS: Record<Store['kind'], { ok: number; doubtful: number }> = {
  embedded: { ok: 1_000, doubtful: 1_000 },
  redis: { ok: 250, doubtful: 250 },
  upstash: { ok: 30_000, doubtful: 1_000 },
};

/** The store failed or is known to be unavailable. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';

  /** By name: Next bundles routes and start-up apart, so this class exists more than once. */
  static is(error: unknown): error is StoreUnavailableError {
    return error instanceof Error && error.name === 'StoreUnavailableError';
  }
}

type Work<T> = (store: Store) => Promise<T>;

interface Attempt<T> {
  readonly work: Work<T>;
  readonly timeoutMs?: number;
  readonly isProbe?: boolean;
}

/**
 * A circuit breaker for the store. The store counts as available while it accepts writes and can be
 * read. Otherwise no request waits for it, and only probes test whether it is back; reads continue
 * without writes while they succeed, and writes without reads.
 */
export class StoreGuard {
  readonly store: Store;
  readonly #writes = new Access('the store takes no writes', 'the store is back');
  readonly #reads = new Access('the store cannot be read', 'the store can be read again');
  readonly #resumers: ((store: Store) => Promise<void>)[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Whether the next look is as far away as while nothing has failed. */
  #isLookSlow = false;
  /** A request that has waited for one operation does not wait for the next as well. */
  #suspectUntilMs = 0;
  #probedAtMs = -Infinity;
  /** Reads are open again when this one succeeds: another may touch other parts of the store. */
  #failedRead: Work<unknown> = (store) => store.ping();
  #errors = 0;
  #lastError = '';
  #isStopped = false;

  constructor(store: Store) {
    this.store = store;
    this.#scheduleLook();
  }

  /** Whether the store accepts no writes. */
  get isUnavailable(): boolean {
    return !this.#writes.isOpen;
  }

  /** Whether the store cannot be read. */
  get isUnreadable(): boolean {
    return !this.#reads.isOpen;
  }

  /** Failed and timed-out operations since the start. */
  get errors(): number {
    return this.#errors;
  }

  /** Why the last one failed. */
  get lastError(): string {
    return this.#lastError;
  }

  /** What is wrong with the store now, in words for an operator; undefined while it is up. */
  get trouble(): string | undefined {
    if (this.isUnavailable) return `takes no writes: ${this.#writes.reason}`;
    return this.isUnreadable ? `cannot be read: ${this.#reads.reason}` : undefined;
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
  run<T>(work: Work<T>, timeoutMs = TIMEOUT_MS): Promise<T> {
    return this.#runOn(this.#writes, work, timeoutMs);
  }

  /**
   * Runs an operation that only reads, and may be run again.
   *
   * @throws StoreUnavailableError if the store fails, is too slow, or cannot be read
   */
  read<T>(work: Work<T>, timeoutMs = TIMEOUT_MS): Promise<T> {
    return this.#runOn(this.#reads, work, timeoutMs);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #runOn<T>(access: Access, work: Work<T>, timeoutMs: number): Promise<T> {
    // Requests do not test whether the store is back: only probes do.
    if (!access.isOpen || performance.now() < this.#suspectUntilMs) {
      throw new StoreUnavailableError('The store is unavailable.');
    }
    const result = await this.#attempt(access, { work, timeoutMs });
    access.succeed();
    return result;
  }

  async #attempt<T>(
    access: Access,
    { work, timeoutMs = TIMEOUT_MS, isProbe = false }: Attempt<T>,
  ): Promise<T> {
    try {
      const result = await timeStage('store', () => this.#withinTime(work, timeoutMs));
      this.#suspectUntilMs = 0;
      return result;
    } catch (error) {
      if (error instanceof TaskCancelledError) {
        this.#suspectUntilMs = performance.now() + TIMEOUT_MS;
      }
      const failure = describeFailure(error);
      this.#errors++;
      this.#lastError = failure.reason;
      if (access === this.#reads) this.#failedRead = work;
      access.fail(failure, isProbe);
      if (this.#isLookSlow) this.#scheduleLook();
      this.#tell();
      throw new StoreUnavailableError(`The store failed: ${failure.reason}`, { cause: error });
    }
  }

  /** The embedded store works synchronously, so a time-out could not interrupt it. */
  #withinTime<T>(work: Work<T>, timeoutMs: number): Promise<T> {
    if (this.store.kind === 'embedded') return work(this.store);
    return timeout(timeoutMs, TimeoutStrategy.Aggressive).execute(() => work(this.store));
  }

  async #look(): Promise<void> {
    const look = this.isUnavailable ? this.#tryReturn() : this.#watchWrites();
    await look.catch(() => undefined);
    if (this.#reads.isDoubtful) await this.#tryReads();
  }

  async #watchWrites(): Promise<void> {
    const isDue = performance.now() - this.#probedAtMs >= PROBE_EVERY_MS;
    if (isDue || this.#writes.isDoubtful) {
      await this.#probe();
      this.#writes.pass();
    } else if (this.store.kind !== 'embedded') {
      // That a store answers says nothing of its writes, so that this cannot clear a doubt.
      await this.#attempt(this.#writes, { work: (store) => store.ping(), isProbe: true });
    }
  }

  async #probe(): Promise<void> {
    this.#probedAtMs = performance.now();
    await this.#attempt(this.#writes, { work: (store) => store.probe(), isProbe: true });
  }

  async #tryReturn(): Promise<void> {
    try {
      await this.#probe();
      for (const work of this.#resumers) {
        await this.#attempt(this.#writes, { work, timeoutMs: PROBE_TIMEOUT_MS, isProbe: true });
      }
    } catch {
      // Whether reads may go on meanwhile.
      await this.#attempt(this.#reads, { work: (store) => store.ping(), isProbe: true });
      return;
    }
    this.#writes.pass();
    this.#tell();
  }

  async #tryReads(): Promise<void> {
    const timeoutMs = this.isUnavailable ? TIMEOUT_MS : PROBE_TIMEOUT_MS;
    await this.#attempt(this.#reads, { work: this.#failedRead, timeoutMs, isProbe: true });
    this.#reads.pass();
    this.#tell();
  }

  /** Logs each change once. */
  #tell(): void {
    const { kind, file } = this.store;
    this.#writes.tell({ store: kind, file });
    this.#reads.tell({ store: kind, file });
  }

  #scheduleLook(): void {
    if (this.#isStopped) return;
    const every = LOOK_EVERY_MS[this.store.kind];
    const look = async () => {
      // Until this look has ended, no failure schedules another.
      this.#isLookSlow = false;
      await this.#look().catch(() => undefined);
      this.#scheduleLook();
    };
    const isDoubtful = this.#writes.isDoubtful || this.#reads.isDoubtful;
    this.#isLookSlow = !isDoubtful;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void look(), isDoubtful ? every.doubtful : every.ok).unref();
  }
}
