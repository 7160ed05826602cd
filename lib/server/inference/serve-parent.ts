import { writeFileSync } from 'node:fs';
import type { FromWorker, ToWorker, WorkerResult, WorkerSetup, WorkerTask } from './task';
import { startWork } from './work';

/** Of at most 1000: when memory runs out, the kernel ends a worker before the server. */
const OOM_SCORE = '500';

type Work = (task: WorkerTask) => Promise<WorkerResult>;

/** Runs tasks for the parent process until that ends. */
export function serveParent(): void {
  let work: Work | undefined;
  // The server decides when its workers end: it lets them finish after these signals.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => undefined);
  }
  process.on('disconnect', endAtOnce);
  preferForOom();
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'ping') return send({ kind: 'pong' });
    if (message.kind === 'task') return void answer(work!, message.task);
    void start(message.setup).then((started) => (work = started));
  });
}

async function start(setup: WorkerSetup): Promise<Work | undefined> {
  try {
    return await startWork(setup, send, {
      onLoading: () => send({ kind: 'loading' }),
      onLoaded: (typicalTaskMs) => send({ kind: 'loaded', typicalTaskMs }),
    });
  } catch (error) {
    send({ kind: 'failed', reason: (error as Error).message }, endAtOnce);
    return undefined;
  }
}

async function answer(work: Work, task: WorkerTask): Promise<void> {
  try {
    send({ kind: 'result', result: await work(task) });
  } catch (error) {
    send({ kind: 'error', reason: (error as Error).message });
  }
}

function send(message: FromWorker, sent: () => void = () => undefined): void {
  if (process.connected) process.send!(message, undefined, undefined, sent);
}

/** An orderly exit would wait for a decoder that never returns. */
function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}

function preferForOom(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', OOM_SCORE);
  } catch {
    // Not on Linux, or not permitted: then the kernel chooses by memory use.
  }
}
