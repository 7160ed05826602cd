/** Entry of a pool worker, which is started as a thread or as a process. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { serveParent } from './serve-parent';
import type { WorkerReady, WorkerResult, WorkerSetup, WorkerTask } from './task';
import { startWork } from './work';

type Work = (task: WorkerTask) => Promise<WorkerResult>;

function startThread(): Promise<Work> {
  const post = (ready: WorkerReady) => parentPort!.postMessage(ready);
  return startWork(workerData as WorkerSetup, post).catch(fail);
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
