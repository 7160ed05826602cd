import { readFile } from 'node:fs/promises';

/** Linux shows user space a hundredth of a second, whatever its own clock does. */
const MS_PER_TICK = 10;

/** Milliseconds of processor time in a /proc/PID/stat, user and system, all threads together. */
export function parseProcessorMs(stat: string): number {
  // The second field is the program's name, in parentheses, and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [userTicks, systemTicks] = [Number(fields[11]), Number(fields[12])];
  return (userTicks + systemTicks) * MS_PER_TICK;
}

export async function processorMs(pids: readonly number[]): Promise<number> {
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8')));
  return stats.reduce((sum, stat) => sum + parseProcessorMs(stat), 0);
}
