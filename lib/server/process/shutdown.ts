import { constants } from 'node:os';
import type { Connections } from './connections';
import { log } from '../log';
import type { ProcessRuntime } from './runtime';

/** The sum, with the store's own time-outs, is under the ten seconds that supervisors give. */
const IDLE_MS = 500;
const FINISH_MS = 5_000;
const GIVE_UP_MS = 9_000;
/** Ctrl-C arrives twice where the parent process, such as npm, passes signals on. */
const SAME_SIGNAL_MS = 300;

/**
 * On the first signal the process reports that it is not ready, answers open requests, writes its
 * counts and exits. The second signal ends it at once. Next's own handlers are replaced: they would
 * close connections during requests and exit before counts are written.
 *
 * @param stops called when the runtime has stopped
 */
export function endOnSignals(
  runtime: ProcessRuntime,
  connections: Connections,
  stops: readonly (() => Promise<void>)[] = [],
): void {
  let asked: number | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.removeAllListeners(signal);
    process.on(signal, () => {
      const nowMs = performance.now();
      if (asked === undefined) void endPolitely(signal, runtime, connections, stops);
      else if (nowMs - asked > SAME_SIGNAL_MS) process.exit(128 + constants.signals[signal]);
      asked ??= nowMs;
    });
  }
}

async function endPolitely(
  signal: NodeJS.Signals,
  runtime: ProcessRuntime,
  connections: Connections,
  stops: readonly (() => Promise<void>)[],
): Promise<void> {
  log.info({ signal, underWay: connections.underWay }, 'stopping');
  const timer = setTimeout(() => {
    log.error('gave up stopping politely');
    // Exiting waits for threads, and a thread in a decoder may never return.
    process.kill(process.pid, 'SIGKILL');
  }, GIVE_UP_MS);
  runtime.pool.announceStop();
  const isFinished = await connections.drain({ idleMs: IDLE_MS, finishMs: FINISH_MS });
  if (!isFinished) log.warn({ underWay: connections.underWay }, 'requests were cut off');
  await runtime.stop();
  await Promise.all(stops.map((stop) => stop()));
  clearTimeout(timer);
  log.info('stopped');
  process.exit(0);
}
