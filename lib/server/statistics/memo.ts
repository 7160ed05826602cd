/** Answers that are computed at most so often, and once for all who ask meanwhile. */
export class Memo {
  readonly #entries = new Map<
    string,
    { readonly atMs: number; readonly value: Promise<unknown> }
  >();
  readonly #keptMs: number;
  readonly #now: () => number;

  /** @param keptMs 0 computes each time anew */
  constructor(keptMs: number, now: () => number = Date.now) {
    this.#keptMs = keptMs;
    this.#now = now;
  }

  get<T>(key: string, compute: () => Promise<T>): Promise<T> {
    const entry = this.#entries.get(key);
    if (entry && this.#now() - entry.atMs < this.#keptMs) return entry.value as Promise<T>;
    const value = compute();
    this.#entries.set(key, { atMs: this.#now(), value });
    // A failure is not kept.
    value.catch(() => {
      if (this.#entries.get(key)?.value === value) this.#entries.delete(key);
    });
    return value;
  }
}
