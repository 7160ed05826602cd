import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleAll,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
} from 'cockatiel';
import { log } from '../log';
import type { Store } from './port';

/** A shared store that does not answer in this time is as good as away. */
const TIMEOUT_MS = 300;
const FAILURES_TO_OPEN = 3;
const HALF_OPEN_AFTER_MS = 500;
/** Over TCP a ping costs nothing; over REST it is billed, so it is sent only to see it come back. */
const PING_EVERY_MS: Record<Store['kind'], { ok: number; away: number }> = {
  embedded: { ok: 10_000, away: 1_000 },
  redis: { ok: 250, away: 250 },
  upstash: { ok: 30_000, away: 1_000 },
};

/** The store did not answer, or is known to be away; whoever asked does without it. */
export class StoreAwayError extends Error {
  override readonly name = 'StoreAwayError';

  /** By name: Next bundles routes and start-up apart, so this class exists more than once. */
  static is(error: unknown): error is StoreAwayError {
    return error instanceof Error && error.name === 'StoreAwayError';
  }
}

/**
 * Stands between the process and its store: after a few failures in a row nobody waits for it any
 * more, and only pings find out when it is back.
 */
export class StoreGuard {
  readonly store: Store;
  readonly #breaker = circuitBreaker(handleAll, {
    halfOpenAfter: HALF_OPEN_AFTER_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  });
  #timer: NodeJS.Timeout | undefined;
  /** A request that has waited for one operation does not wait for the next as well. */
  #suspectUntilMs = 0;
  #errors = 0;
  #lastError = '';
  #told: 'away' | 'back' = 'back';

  constructor(store: Store) {
    this.store = store;
    this.#breaker.onBreak(() => this.#tell('away'));
    this.#breaker.onReset(() => this.#tell('back'));
    this.#schedulePing();
  }

  get isAway(): boolean {
    return this.#breaker.state !== CircuitState.Closed;
  }

  /** Failed and timed-out operations since the start. */
  get errors(): number {
    return this.#errors;
  }

  get lastError(): string {
    return this.#lastError;
  }

  /** @throws StoreAwayError if the store fails, is too slow, or is away */
  async run<T>(work: (store: Store) => Promise<T>, timeoutMs = TIMEOUT_MS): Promise<T> {
    // Never by a request of somebody's: pings alone try whether it is back.
    if (this.isAway || performance.now() < this.#suspectUntilMs) {
      throw new StoreAwayError('The store is away.');
    }
    return this.#attempt(work, timeoutMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #attempt<T>(work: (store: Store) => Promise<T>, timeoutMs: number): Promise<T> {
    try {
      const result = await this.#breaker.execute(() => this.#withinTime(work, timeoutMs));
      this.#suspectUntilMs = 0;
      return result;
    } catch (error) {
      if (error instanceof TaskCancelledError) {
        this.#suspectUntilMs = performance.now() + TIMEOUT_MS;
      }
      if (!(error instanceof BrokenCircuitError)) {
        this.#errors++;
        this.#lastError = error instanceof Error ? error.message.slice(0, 200) : String(error);
      }
      throw new StoreAwayError(`The store did not answer: ${this.#lastError}`, { cause: error });
    }
  }

  /** The embedded store has answered when it returns, and nothing could stop it before. */
  #withinTime<T>(work: (store: Store) => Promise<T>, timeoutMs: number): Promise<T> {
    if (this.store.kind === 'embedded') return work(this.store);
    return timeout(timeoutMs, TimeoutStrategy.Aggressive).execute(() => work(this.store));
  }

  /** Once a change: each ping in vain breaks the circuit anew. */
  #tell(what: 'away' | 'back'): void {
    if (what === this.#told) return;
    this.#told = what;
    const { kind } = this.store;
    if (what === 'back') log.info({ store: kind }, 'the store is back');
    else log.warn({ store: kind, reason: this.#lastError }, 'the store is away');
  }

  #schedulePing(): void {
    const every = PING_EVERY_MS[this.store.kind];
    const ping = async () => {
      await this.#attempt((store) => store.ping(), TIMEOUT_MS).catch(() => undefined);
      this.#schedulePing();
    };
    this.#timer = setTimeout(() => void ping(), this.isAway ? every.away : every.ok).unref();
  }
}
