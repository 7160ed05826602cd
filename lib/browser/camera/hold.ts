/** A switch that holds a repeated process and lets it go on. */
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

  /**
   * Resolves at once if nothing is held; otherwise when the hold ends or `signal` aborts.
   *
   * @returns whether it had to wait
   */
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
