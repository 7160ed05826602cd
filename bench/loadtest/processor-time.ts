import { readFile } from 'node:fs/promises';

/** Linux reports times to user space in hundredths of a second. */
const MS_PER_TICK = 10;

/** Processor time in a /proc/PID/stat, in milliseconds: user and system, all threads. */
export function parseProcessorMs(stat: string): number {
  // The second field is the program's name in parentheses, which may contain any character.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [userTicks, systemTicks] = [Number(fields[11]), Number(fields[12])];
  return (userTicks + systemTicks) * MS_PER_TICK;
}

export async function processorMs(pids: readonly number[]): Promise<number> {
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8')));
  return stats.reduce((sum, stat) => sum + parseProcessorMs(stat), 0);
}
