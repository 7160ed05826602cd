import type { WorkerReady, WorkerResult, WorkerTask } from './task';
import { WorkerProcess, type ProcessEvents } from './worker-process';
import type { Workers, WorkersOptions } from './workers';

/** How often running tasks are checked against their limits. */
const WATCH_MS = 25;
/** How often workers without a task are asked whether they answer. */
const ASK_MS = 1_000;
/** Pause before a worker that does not start is replaced; doubles with each failed attempt. */
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** Spare workers, warm and ready to take the place of one that ends. */
const SPARES = 1;

interface Waiting {
  readonly take: (worker: WorkerProcess) => void;
  readonly reject: (error: Error) => void;
}

/** Worker processes with a warm spare. A worker that ends takes only its own task with it. */
export class ProcessWorkers implements Workers {
  readonly #options: WorkersOptions;
  readonly #members = new Set<WorkerProcess>();
  /** Warm and without a task; the one that worked last is taken first. */
  readonly #idle: WorkerProcess[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #watch: NodeJS.Timeout;
  readonly #ask: NodeJS.Timeout;
  #wanted: number;
  #failedStarts = 0;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: WorkersOptions) {
    this.#options = options;
    // Alone it is warm soonest; then the others start, and the spare after them.
    this.#wanted = 1;
    this.#watch = setInterval(() => this.#checkLimits(), WATCH_MS).unref();
    this.#ask = setInterval(() => this.#checkIdle(), ASK_MS).unref();
    this.#fill();
  }

  get count(): number {
    return this.#members.size;
  }

  get warm(): number {
    return [...this.#members].filter(({ isWarm }) => isWarm).length;
  }

  canRun(modelId: string): boolean {
    return [...this.#members].some((worker) => worker.isWarm && !worker.lacks(modelId));
  }

  forgive(modelId: string): void {
    for (const worker of this.#members) worker.forgive(modelId);
  }

  async run(task: WorkerTask): Promise<WorkerResult> {
    const worker = await this.#take();
    try {
      return await worker.run(task);
    } finally {
      this.#giveBack(worker);
    }
  }

  async close(): Promise<void> {
    this.#end();
    const members = [...this.#members];
    for (const worker of members.filter(({ isBusy }) => !isBusy)) worker.kill();
    await Promise.all(members.map(({ ended }) => ended));
    clearInterval(this.#watch);
  }

  async destroy(): Promise<void> {
    this.#end();
    clearInterval(this.#watch);
    const members = [...this.#members];
    for (const worker of members) worker.kill();
    await Promise.all(members.map(({ ended }) => ended));
  }

  async crashOne(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const members = [...this.#members];
    const victim = members.find(({ isBusy }) => isBusy) ?? members[0]!;
    victim.kill(signal);
    await victim.ended;
  }

  async crashAll(): Promise<void> {
    const members = [...this.#members];
    for (const worker of members) worker.kill();
    await Promise.all(members.map(({ ended }) => ended));
  }

  #end(): void {
    this.#isClosed = true;
    clearInterval(this.#ask);
    clearTimeout(this.#retry);
    this.#refuseWaiting(new Error('the workers are being ended'));
  }

  #fill(): void {
    const { workerFile, setup, memoryBytes } = this.#options;
    const events: ProcessEvents = {
      onReady: (worker, message) => this.#onReady(worker, message),
      onEnd: (worker, reason) => this.#onEnd(worker, reason),
    };
    while (!this.#isClosed && this.#members.size < this.#wanted) {
      this.#members.add(new WorkerProcess(workerFile, setup(), memoryBytes, events));
    }
  }

  #take(): Promise<WorkerProcess> {
    if (this.#isClosed) return Promise.reject(new Error('the workers are being ended'));
    const answering = this.#idle.findLastIndex(({ isSilent }) => !isSilent);
    // If all are silent, they may be slow only.
    const [worker] = this.#idle.splice(answering, 1);
    if (worker) return Promise.resolve(worker);
    return new Promise((take, reject) => this.#waiting.push({ take, reject }));
  }

  #giveBack(worker: WorkerProcess): void {
    if (!this.#members.has(worker) || worker.isEnding) return;
    if (!this.#isClosed && !worker.isBloated()) return this.#offer(worker);
    // Removed first, so that its end does not count as a lost worker.
    this.#members.delete(worker);
    worker.kill();
    this.#fill();
  }

  #offer(worker: WorkerProcess): void {
    const next = this.#waiting.shift();
    if (next) next.take(worker);
    else this.#idle.push(worker);
  }

  #onReady(worker: WorkerProcess, message: WorkerReady): void {
    this.#failedStarts = 0;
    this.#offer(worker);
    this.#options.events.onReady(message);
    const { workers } = this.#options;
    const warm = [...this.#members].filter(({ isReady }) => isReady).length;
    this.#wanted = Math.max(this.#wanted, warm < workers ? workers : workers + SPARES);
    this.#fill();
  }

  #onEnd(worker: WorkerProcess, reason: Error): void {
    if (!this.#members.delete(worker)) return;
    const place = this.#idle.indexOf(worker);
    if (place >= 0) this.#idle.splice(place, 1);
    if (this.#isClosed) return;
    if (worker.isReady) this.#fill();
    else this.#onFailedStart(reason);
    this.#options.events.onLost(reason);
    if (this.#members.size === 0) this.#refuseWaiting(reason);
  }

  /** Replaces the worker after a pause. If none is left, the pool starts all of them again. */
  #onFailedStart(reason: Error): void {
    this.#options.events.onError(reason);
    const waitMs = Math.min(RETRY_MS * 2 ** this.#failedStarts++, LONGEST_RETRY_MS);
    clearTimeout(this.#retry);
    if (this.#members.size === 0) return;
    this.#retry = setTimeout(() => this.#fill(), waitMs).unref();
  }

  #refuseWaiting(reason: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
  }

  #checkIdle(): void {
    for (const worker of this.#members) worker.checkIdle();
  }

  #checkLimits(): void {
    const nowMs = performance.now();
    for (const worker of this.#members) worker.checkLimits(nowMs);
  }
}
