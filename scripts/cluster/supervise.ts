import { setTimeout as sleep } from 'node:timers/promises';
import type { Replica } from './cluster';

/** Pause before a replica is started again; doubles with each failed attempt. */
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

interface Watch {
  readonly name: string;
  readonly replica: Replica;
  /** Prints a line for the operator. */
  readonly report: (line: string) => void;
  readonly retryMs: number;
  readonly stopped: AbortSignal;
}

/**
 * Restarts replicas that end unexpectedly, and reports it.
 *
 * @param report prints a line for the operator
 * @returns a function that ends the supervision; call it before stopping the replicas
 */
export function supervise(
  replicas: readonly Replica[],
  report: (line: string) => void,
  retryMs = RETRY_MS,
): () => void {
  const stop = new AbortController();
  const { signal: stopped } = stop;
  for (const [i, replica] of replicas.entries()) {
    const name = `replica ${i + 1}`;
    watch({ name, replica, report, retryMs, stopped }).catch((error: Error) => {
      if (!stopped.aborted) report(`${name} is no longer watched: ${error.message}`);
    });
  }
  return () => stop.abort();
}

async function watch(watched: Watch): Promise<void> {
  const { name, replica, report, stopped } = watched;
  while (!stopped.aborted) {
    const { pid } = replica;
    const ending = await replica.exit();
    if (stopped.aborted) return;
    report(`${name} (process ${pid}) has ended with ${ending}; its log: ${replica.logFile}`);
    await startAgain(watched);
  }
}

async function startAgain({ name, replica, report, retryMs, stopped }: Watch): Promise<void> {
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
