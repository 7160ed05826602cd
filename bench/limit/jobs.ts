/** Processes that do one job after the other and stay warm in between. */
import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface Job {
  readonly ms: number;
  /**
   * Kind of pictures: in `half` every second one is a repeat, those of `large` have twelve
   * megapixels.
   */
  readonly kind?: 'new' | 'known' | 'half' | 'batch' | 'large';
  readonly path?: string;
}

export interface JobProcess {
  /** @returns the program's measurement: pictures per second, or milliseconds */
  readonly run: (job: Job) => Promise<number>;
  readonly stop: () => void;
}

/**
 * Starts a program and waits for its first message.
 *
 * @returns that message, and functions that wait for the next message and end the program
 */
export async function startProgram(program: string, args: readonly string[]) {
  const child = fork(program, args);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${program} ended with ${String(code)}`);
  });
  ended.catch(() => undefined);
  const message = async () =>
    ((await Promise.race([once(child, 'message'), ended])) as unknown[])[0];
  const first = await message();
  const send = (job: Job) => child.send(job);
  // A process that has died is already disconnected.
  const stop = () => {
    if (child.connected) child.disconnect();
  };
  return { first, message, send, stop };
}

/** @param args arguments of the program, which calls `serveJobs` */
export async function startJobProcess(program: string, args: string[]): Promise<JobProcess> {
  const { message, send, stop } = await startProgram(program, args);
  return {
    run: async (job) => {
      const answered = message();
      send(job);
      return (await answered) as number;
    },
    stop,
  };
}

/**
 * Called in such a process.
 *
 * @param work does a job and returns its measurement
 */
export function serveJobs(work: (job: Job) => Promise<number>): void {
  process.on('message', (job: Job) => void work(job).then((figure) => process.send!(figure)));
  process.on('disconnect', () => process.exit());
  process.send!('ready');
}

/**
 * Reports pictures per second.
 *
 * @param work does a job and returns the number of pictures
 */
export function serveCounted(work: (job: Job) => Promise<number>): void {
  serveJobs(async (job) => {
    const startedAtMs = performance.now();
    const done = await work(job);
    return (1000 * done) / (performance.now() - startedAtMs);
  });
}
