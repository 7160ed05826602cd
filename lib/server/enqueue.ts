import type PQueue from 'p-queue';

/**
 * Adds work to a queue. Aborting removes waiting work from the queue. Running work finishes: on
 * an abort the queue would start the next work although this one still runs.
 */
export function enqueue<T>(queue: PQueue, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const left = new AbortController();
  const leave = () => left.abort(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  const started = () => {
    signal.removeEventListener('abort', leave);
    return work();
  };
  return queue.add(started, { signal: left.signal });
}
