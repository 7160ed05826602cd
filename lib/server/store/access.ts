import { log } from '../log';
import type { StoreFailure } from './failure';

/** Failures in a row before the store counts as unavailable; one refusal by the store is enough. */
const FAILURES_TO_OPEN = 3;

/** Failures in a row of reads, or of writes; enough of them, or one refusal, close it to requests. */
export class Access {
  isOpen = true;
  /** Why the last one failed. */
  reason = '';
  /** Of requests, which may find a part of the store that is well. */
  #failures = 0;
  #failedProbes = 0;
  #closedAtMs: number | undefined;
  readonly #goneWords: string;
  readonly #backWords: string;

  constructor(goneWords: string, backWords: string) {
    this.#goneWords = goneWords;
    this.#backWords = backWords;
  }

  /** Something failed, and it is not decided yet what that means. */
  get isDoubtful(): boolean {
    return !this.isOpen || this.#failures > 0 || this.#failedProbes > 0;
  }

  succeed(): void {
    this.#failures = 0;
  }

  /** Only a probe can open it, and no request outvotes one. */
  pass(): void {
    this.#failures = this.#failedProbes = 0;
    this.isOpen = true;
  }

  fail({ reason, isRefusal }: StoreFailure, isProbe: boolean): void {
    this.reason = reason;
    if (isProbe) this.#failedProbes++;
    else this.#failures++;
    const most = Math.max(this.#failures, this.#failedProbes);
    if (isRefusal || most >= FAILURES_TO_OPEN) this.isOpen = false;
  }

  /** Logs a change once. */
  tell(about: object): void {
    if (!this.isOpen && this.#closedAtMs === undefined) {
      this.#closedAtMs = performance.now();
      log.warn({ ...about, reason: this.reason }, this.#goneWords);
    } else if (this.isOpen && this.#closedAtMs !== undefined) {
      const seconds = Math.round((performance.now() - this.#closedAtMs) / 1000);
      this.#closedAtMs = undefined;
      log.info({ ...about, seconds }, this.#backWords);
    }
  }
}
