import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';

const assign = (processors: string) =>
  execFileSync('taskset', ['-a', '-c', '-p', processors, String(process.pid)]);

/** Runs `start` so that every process that it starts stays on the first available processor. */
export async function onOneProcessor<T>(start: () => Promise<T>): Promise<T> {
  const status = await readFile('/proc/self/status', 'utf8');
  const allowed = /^Cpus_allowed_list:\s*(.+)$/m.exec(status)![1]!;
  assign(/^\d+/.exec(allowed)![0]);
  try {
    return await start();
  } finally {
    assign(allowed);
  }
}
