/** Processes that do one job after the other, and so stay warm between. */
import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface Job {
  readonly ms: number;
  readonly kind?: 'new' | 'known' | 'batch';
  readonly path?: string;
}

export interface JobProcess {
  /** @returns pictures a second */
  readonly run: (job: Job) => Promise<number>;
  readonly stop: () => void;
}

/** @param args of the program, which calls `serveJobs` */
export async function startJobProcess(program: string, args: string[]): Promise<JobProcess> {
  const child = fork(program, args);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${program} ended with ${String(code)}`);
  });
  ended.catch(() => undefined);
  const message = () => Promise.race([once(child, 'message'), ended]);
  await message();
  return {
    run: async (job) => {
      const answered = message();
      child.send(job);
      const [perSecond] = (await answered) as [number];
      return perSecond;
    },
    stop: () => child.disconnect(),
  };
}

/** In such a process. @param work does a job; gives how many pictures were done */
export function serveJobs(work: (job: Job) => Promise<number>): void {
  process.on('message', (job: Job) => {
    const startedAtMs = performance.now();
    void work(job).then((done) => process.send!((1000 * done) / (performance.now() - startedAtMs)));
  });
  process.on('disconnect', () => process.exit());
  process.send!('ready');
}
