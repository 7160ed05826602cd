interface Waiting {
  readonly identity: string;
  readonly take: () => void;
}

/**
 * Limits how many large uploads are in memory at once. Some places are reserved for identities that
 * have none, so that one identity cannot take them all.
 */
export class Places {
  readonly count: number;
  readonly #reserved: number;
  readonly #taken = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();
  #underWay = 0;

  /** @param count places in all; a quarter of them, at least one of two, is reserved */
  constructor(count: number) {
    this.count = count;
    this.#reserved = count > 1 ? Math.max(1, Math.floor(count / 4)) : 0;
  }

  /** Places that are taken. */
  get underWay(): number {
    return this.#underWay;
  }

  /**
   * Waits for a place.
   *
   * @returns how to give it back
   * @throws the signal's reason, when it aborts first
   */
  take(identity: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        identity,
        take: () => {
          signal.removeEventListener('abort', leave);
          resolve(this.#occupy(identity));
        },
      };
      const leave = () => {
        this.#waiting.delete(waiting);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.add(waiting);
      this.#serve();
    });
  }

  #occupy(identity: string): () => void {
    this.#underWay++;
    this.#taken.set(identity, (this.#taken.get(identity) ?? 0) + 1);
    let isGivenBack = false;
    return () => {
      if (isGivenBack) return;
      isGivenBack = true;
      this.#underWay--;
      const left = this.#taken.get(identity)! - 1;
      if (left === 0) this.#taken.delete(identity);
      else this.#taken.set(identity, left);
      this.#serve();
    };
  }

  #serve(): void {
    for (const waiting of this.#waiting) {
      if (!this.#hasPlaceFor(waiting.identity)) continue;
      this.#waiting.delete(waiting);
      waiting.take();
    }
  }

  #hasPlaceFor(identity: string): boolean {
    const free = this.count - this.#underWay;
    return this.#taken.has(identity) ? free > this.#reserved : free > 0;
  }
}
