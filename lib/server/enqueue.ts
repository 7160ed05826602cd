import type PQueue from 'p-queue';

/**
 * Adds work to a queue. Aborting takes work that waits out of the queue; work that runs is let
 * finish, because the queue would take an abort for its end while it still keeps its place.
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
