/** Entry of a pool worker, which is started as a thread or as a process. */
import { isMainThread, parentPort, threadId, workerData } from 'node:worker_threads';
import { serveParent } from './serve-parent';
import type { ThreadData, ThreadReady, WorkerReady, WorkerResult, WorkerTask } from './task';
import { startWork } from './work';

type Work = (task: WorkerTask) => Promise<WorkerResult>;

async function startThread(): Promise<Work> {
  const { setup, crash } = workerData as ThreadData;
  const post = (ready: WorkerReady) =>
    parentPort!.postMessage({ ...ready, threadId } satisfies ThreadReady);
  const work = await startWork(setup, post).catch(fail);
  return async (task) => {
    try {
      return await work(task);
    } finally {
      // Between native calls: a thread that ends inside of one takes the whole process along.
      if (Atomics.exchange(crash, 0, 0) === 1) process.exit(1);
    }
  };
}

/**
 * Ends the thread with the reason. A rejected promise would not do: the pool would take it for a
 * module without a handler, keep the thread and fail every task.
 */
function fail(reason: unknown): Promise<never> {
  setImmediate(() => {
    throw reason;
  });
  return new Promise(() => undefined);
}

export default isMainThread ? serveParent() : startThread();
