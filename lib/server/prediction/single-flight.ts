/**
 * Work that several callers may share. Equal keys in flight run once; a caller that gives up
 * leaves the others their result, and the work is cancelled only when nobody waits for it.
 */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** Keys in flight now. */
  get size(): number {
    return this.#flights.size;
  }

  /**
   * @param work started once for all callers of `key`; its signal aborts when all have given up
   * @param signal this caller's own; aborting it rejects this caller's promise only
   */
  async run(
    key: string,
    work: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    signal?.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#start(key, work);
    flight.waiting++;
    try {
      return await (signal ? abortable(flight.result, signal) : flight.result);
    } finally {
      flight.waiting--;
      // No caller waits any more. Forget the flight first, so that a new caller does not join it.
      if (flight.waiting === 0 && this.#forget(key, flight)) flight.controller.abort();
    }
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const flight: Flight<T> = { waiting: 0, controller, result: work(controller.signal) };
    this.#flights.set(key, flight);
    const landed = () => void this.#forget(key, flight);
    flight.result.then(landed, landed);
    return flight;
  }

  /** @returns whether the flight was still running */
  #forget(key: string, flight: Flight<T>): boolean {
    return this.#flights.get(key) === flight && this.#flights.delete(key);
  }
}

interface Flight<T> {
  waiting: number;
  readonly controller: AbortController;
  readonly result: Promise<T>;
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
