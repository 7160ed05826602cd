/** Something that goes on by itself and can be held for a while. */
export class Hold {
  #isHeld = false;
  readonly #listeners = new Set<() => void>();

  get isHeld(): boolean {
    return this.#isHeld;
  }

  set(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#listeners.forEach((listener) => listener());
  }

  /** For `useSyncExternalStore`. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Resolves at once while nothing is held, else when it goes on or `signal` aborts; true if it waited. */
  async whenFree(signal: AbortSignal): Promise<boolean> {
    if (!this.#isHeld || signal.aborted) return false;
    await new Promise<void>((resolve) => {
      const stop = this.subscribe(() => {
        if (this.#isHeld) return;
        stop();
        resolve();
      });
      signal.addEventListener(
        'abort',
        () => {
          stop();
          resolve();
        },
        { once: true },
      );
    });
    return true;
  }
}
