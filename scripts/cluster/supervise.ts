import { setTimeout as sleep } from 'node:timers/promises';
import type { Replica } from './cluster';

/** Pause before a replica is started again; doubles with each failed attempt. */
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

/**
 * Restarts replicas that end by themselves, and reports it.
 *
 * @param report prints a line for the operator
 * @returns a function that ends the supervision; call it before stopping the replicas
 */
export function supervise(
  replicas: readonly Replica[],
  report: (line: string) => void,
  retryMs = RETRY_MS,
): () => void {
  const stopped = new AbortController();
  for (const [i, replica] of replicas.entries()) {
    const name = `replica ${i + 1}`;
    watch(name, replica, report, retryMs, stopped.signal).catch((error: Error) => {
      if (!stopped.signal.aborted) report(`${name} is no longer watched: ${error.message}`);
    });
  }
  return () => stopped.abort();
}

async function watch(
  name: string,
  replica: Replica,
  report: (line: string) => void,
  retryMs: number,
  stopped: AbortSignal,
): Promise<void> {
  while (!stopped.aborted) {
    const { pid } = replica;
    const ending = await replica.exit();
    if (stopped.aborted) return;
    report(`${name} (process ${pid}) has ended with ${ending}; its log: ${replica.logFile}`);
    await startAgain(name, replica, report, retryMs, stopped);
  }
}

async function startAgain(
  name: string,
  replica: Replica,
  report: (line: string) => void,
  retryMs: number,
  stopped: AbortSignal,
): Promise<void> {
  for (let waitMs = retryMs; !stopped.aborted; waitMs = Math.min(2 * waitMs, LONGEST_RETRY_MS)) {
    await sleep(waitMs, undefined, { signal: stopped });
    try {
      await replica.start();
      return report(`${name} runs again (process ${replica.pid})`);
    } catch (error) {
      const [reason] = (error as Error).message.split('\n');
      report(`${name} does not start: ${reason}`);
    }
  }
}
