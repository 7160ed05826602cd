import os from 'node:os';

/** Steps of niceness: about a tenth of the processor's time when the main thread wants it, too. */
const NICENESS = 10;
const LOWEST = os.constants.priority.PRIORITY_LOW;

/**
 * Lets the main thread, which answers everybody, go before this one, which computes. On Linux a
 * priority is a thread's own, and 0 names the one that asks (setpriority(2), notes); elsewhere it is
 * the process's, which is left alone.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    os.setPriority(0, Math.min(LOWEST, os.getPriority(0) + NICENESS));
  } catch {
    // A sandbox may forbid it; then all threads are equal.
  }
}
