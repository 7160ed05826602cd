import os from 'node:os';

/** Niceness steps: beside a busy main thread, a worker gets about a tenth of the processor time. */
const NICENESS = 10;
const LOWEST = os.constants.priority.PRIORITY_LOW;

/**
 * Lowers this worker's priority, so that the main thread answers requests while workers compute.
 * Linux has a priority for each thread, and 0 means the calling thread (setpriority(2), notes).
 * Elsewhere the priority is the whole process's and stays as it is.
 */
export function lowerPriority(): void {
  if (process.platform !== 'linux') return;
  try {
    os.setPriority(0, Math.min(LOWEST, os.getPriority(0) + NICENESS));
  } catch {
    // A sandbox may forbid it; then all threads keep the same priority.
  }
}
