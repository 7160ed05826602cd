import { Piscina } from 'piscina';
import type { WorkerReady, WorkerResult, WorkerTask } from './task';
import type { Workers, WorkersOptions } from './workers';

/** Worker threads: a picture is moved and not copied, but a native crash ends the whole server. */
export class ThreadWorkers implements Workers {
  readonly #pool: Piscina<WorkerTask, WorkerResult>;

  constructor({ workerFile, workers, setup, events }: WorkersOptions) {
    this.#pool = new Piscina<WorkerTask, WorkerResult>({
      filename: workerFile,
      minThreads: workers,
      maxThreads: workers,
      workerData: setup(),
    });
    this.#pool.on('message', (message: WorkerReady) => events.onReady(message));
    this.#pool.on('error', (error: Error) => events.onError(error));
    this.#pool.on('workerDestroy', () => events.onLost());
  }

  get count(): number {
    return this.#pool.threads.length;
  }

  run(task: WorkerTask, transferList: ArrayBuffer[]): Promise<WorkerResult> {
    return this.#pool.run(task, { transferList });
  }

  close(): Promise<void> {
    return this.#pool.close({ force: true });
  }

  destroy(): Promise<void> {
    return this.#pool.destroy();
  }

  async crashOne(): Promise<void> {
    await this.#pool.threads[0]!.terminate();
  }

  async crashAll(): Promise<void> {
    await Promise.all(this.#pool.threads.map((thread) => thread.terminate()));
  }
}
