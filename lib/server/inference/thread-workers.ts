import { once } from 'node:events';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { Piscina } from 'piscina';
import type { ThreadData, ThreadReady, WorkerResult, WorkerTask } from './task';
import type { Workers, WorkersOptions } from './workers';

/** How long to wait for a thread to leave native code; after that it is not ended by itself. */
const CALM_MS = 30_000;

/**
 * Worker threads: a picture is moved and not copied, but a native crash ends the whole server. One
 * that is ended inside onnxruntime or sharp is such a crash, so that threads are only ever ended
 * while they are idle.
 */
export class ThreadWorkers implements Workers {
  readonly #pool: Piscina<WorkerTask, WorkerResult>;
  /** By their ids, which no later thread has, with the models that each could not load. */
  readonly #warm = new Map<number, Set<string>>();
  /** 1 makes one thread end instead of answering, once. */
  readonly #crash = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor({ workerFile, workers, setup, events }: WorkersOptions) {
    const workerData: ThreadData = { setup: setup(), crash: this.#crash };
    this.#pool = new Piscina<WorkerTask, WorkerResult>({
      filename: workerFile,
      minThreads: workers,
      maxThreads: workers,
      workerData,
    });
    this.#pool.on('message', ({ threadId, ...ready }: ThreadReady) => {
      this.#warm.set(threadId, new Set(ready.failures.map(({ modelId }) => modelId)));
      this.#changed();
      events.onReady(ready);
    });
    this.#pool.on('error', (error: Error) => events.onError(error));
    this.#pool.on('workerDestroy', () => {
      // The pool still counts the ended thread during this event, so report it afterwards.
      queueMicrotask(() => this.#changed());
      events.onLost();
    });
  }

  get count(): number {
    return this.#pool.threads.length;
  }

  get warm(): number {
    return this.#pool.threads.filter(({ threadId }) => this.#warm.has(threadId)).length;
  }

  canRun(modelId: string): boolean {
    return this.#pool.threads.some(
      ({ threadId }) => this.#warm.get(threadId)?.has(modelId) === false,
    );
  }

  forgive(modelId: string): void {
    for (const lacking of this.#warm.values()) lacking.delete(modelId);
  }

  async run(task: WorkerTask, transferList: ArrayBuffer[]): Promise<WorkerResult> {
    this.#running++;
    try {
      return await this.#pool.run(task, { transferList });
    } finally {
      this.#running--;
      this.#changed();
    }
  }

  async close(): Promise<void> {
    if (await this.#calm()) await this.#pool.destroy();
  }

  destroy(): Promise<void> {
    return this.close();
  }

  async crashOne(): Promise<void> {
    const lost = once(this.#pool, 'workerDestroy');
    Atomics.store(this.#crash, 0, 1);
    // Lets earlier tasks reach their threads first.
    await setImmediate();
    await Promise.race([lost, this.#calm()]);
    // No thread had a task left to answer.
    if (Atomics.exchange(this.#crash, 0, 0) === 1) await this.#pool.threads[0]!.terminate();
    await lost;
  }

  async crashAll(): Promise<void> {
    await this.#calm();
    await Promise.all(this.#pool.threads.map((thread) => thread.terminate()));
  }

  /** Waits until every thread is idle; false if one is not in time. */
  async #calm(): Promise<boolean> {
    const late = sleep(CALM_MS, 'late', { ref: false });
    while (!this.#isCalm()) {
      const changed = new Promise<void>((resolve) => this.#waiting.push(resolve));
      if ((await Promise.race([changed, late])) === 'late') return false;
    }
    return true;
  }

  #changed(): void {
    for (const tell of this.#waiting.splice(0)) tell();
  }

  #isCalm(): boolean {
    const areWarm = this.#pool.threads.every(({ threadId }) => this.#warm.has(threadId));
    return areWarm && this.#running === 0;
  }
}
