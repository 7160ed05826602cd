import { fork, type ChildProcess } from 'node:child_process';
import { detachResult } from './detach';
import { ResidentMemory } from './resident-memory';
import type {
  FromWorker,
  ToWorker,
  WorkerReady,
  WorkerResult,
  WorkerSetup,
  WorkerTask,
} from './task';
import { LOAD_MS, taskLimitMs, workerEnvironment } from './worker-limits';
import { WorkerFailure } from './workers';

/** Questions in a row, one a second, after which a worker without a task counts as silent. */
const SILENT_AFTER = 2;
/** After so many it is ended: long enough for a sound worker on a machine that is overloaded. */
const ENDED_AFTER = 6;

export interface ProcessEvents {
  readonly onReady: (worker: WorkerProcess, ready: WorkerReady) => void;
  /** @param reason why it ended, if it reported a reason before it was ready */
  readonly onEnd: (worker: WorkerProcess, reason: Error) => void;
}

interface Running {
  readonly task: WorkerTask;
  readonly resolve: (result: WorkerResult) => void;
  readonly reject: (error: Error) => void;
  /** `performance.now()` at which the worker is ended. */
  deadlineMs: number;
  /** A model is being read: memory grows by what the operator installed, not by the picture. */
  isLoading: boolean;
}

/** One worker process, with one task at a time, ended when the task passes its limits. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #memory: ResidentMemory;
  readonly #memoryBytes: number;
  readonly #decodeSeconds: number;
  readonly #events: ProcessEvents;
  #running: Running | undefined;
  /** Resident bytes when its models were loaded last. */
  #baselineBytes: number | undefined;
  #typicalTaskMs = 0;
  #isReady = false;
  readonly #startBeforeMs: number;
  #unanswered = 0;
  /** Models that it could not load. */
  readonly #lacking = new Set<string>();
  #endedFor: Error | undefined;
  readonly ended: Promise<void>;

  constructor(file: string, setup: WorkerSetup, memoryBytes: number, events: ProcessEvents) {
    this.#memoryBytes = memoryBytes;
    this.#decodeSeconds = setup.limits.timeoutSeconds;
    this.#startBeforeMs = performance.now() + LOAD_MS * Math.max(1, setup.models.length);
    this.#events = events;
    this.#child = fork(file, [], {
      // The default, JSON, would take ten milliseconds of the main thread for a picture.
      serialization: 'advanced',
      execArgv: [],
      env: workerEnvironment(process.env),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#memory = new ResidentMemory(this.#child.pid ?? 0);
    this.#child.on('message', (message: FromWorker) => this.#onMessage(message));
    this.ended = endOf(this.#child).then((words) => this.#onEnd(words));
    this.#send({ kind: 'setup', setup });
  }

  /** Whether it has ever been warm. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Whether it exceeded a limit and is being ended. */
  get isEnding(): boolean {
    return this.#endedFor !== undefined;
  }

  get isBusy(): boolean {
    return this.#running !== undefined;
  }

  /** Ready for a task, or at one. */
  get isWarm(): boolean {
    return this.#isReady && !this.isEnding && !this.isSilent;
  }

  /** Whether it leaves questions unanswered although it has nothing to do. */
  get isSilent(): boolean {
    return this.#unanswered > SILENT_AFTER;
  }

  lacks(modelId: string): boolean {
    return this.#lacking.has(modelId);
  }

  forgive(modelId: string): void {
    this.#lacking.delete(modelId);
  }

  run(task: WorkerTask): Promise<WorkerResult> {
    return new Promise((resolve, reject) => {
      const deadlineMs = performance.now() + this.#limitMs(task);
      const isLoading = task.kind === 'load';
      this.#running = { task, resolve, reject, deadlineMs, isLoading };
      this.#send({ kind: 'task', task });
    });
  }

  /** To be called often while it is busy: ends the process when its task has passed a limit. */
  checkLimits(nowMs: number): void {
    const running = this.#running;
    if (this.#endedFor) return;
    if (!this.#isReady && nowMs > this.#startBeforeMs) {
      this.#endFor(new WorkerFailure('time', 'a start in time', 'a worker that does not start'));
    }
    if (!running) return;
    if (nowMs > running.deadlineMs) {
      const seconds = Math.round(this.#limitMs(running.task) / 1000);
      this.#endFor(new WorkerFailure('time', `at most ${seconds} s of work`, 'more than that'));
    } else if (!running.isLoading && this.#isOverMemory(this.#memoryBytes)) {
      const mebibytes = Math.round(this.#memoryBytes / 1024 ** 2);
      this.#endFor(
        new WorkerFailure('memory', `at most ${mebibytes} MiB of memory`, 'more than that'),
      );
    }
  }

  /**
   * To be called once a second: ends the process when it hangs although it has nothing to do. It
   * counts questions, not time, so that a stop of the whole machine ends nobody.
   */
  checkIdle(): void {
    // A task has a limit of its own.
    if (!this.#isReady || this.isEnding || this.isBusy) return;
    if (this.#unanswered >= ENDED_AFTER) {
      const expected = 'an answer of an idle worker';
      return this.#endFor(new WorkerFailure('time', expected, `none for ${this.#unanswered} s`));
    }
    this.#unanswered++;
    this.#send({ kind: 'ping' });
  }

  /** Whether it kept so much memory that the next picture could exceed the limit because of it. */
  isBloated(): boolean {
    return this.#isOverMemory(this.#memoryBytes / 2);
  }

  /** Ends it at once: other signals do not interrupt native code. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child.kill(signal);
  }

  #isOverMemory(allowedBytes: number): boolean {
    const bytes = this.#memory.read();
    if (bytes === undefined || this.#baselineBytes === undefined) return false;
    return bytes - this.#baselineBytes > allowedBytes;
  }

  #send(message: ToWorker): void {
    // A broken channel is followed by the process's end, which rejects the task.
    this.#child.send(message, () => undefined);
  }

  #endFor(reason: Error): void {
    this.#endedFor = reason;
    this.kill();
  }

  #onMessage(message: FromWorker): void {
    this.#unanswered = 0;
    switch (message.kind) {
      case 'pong':
        return;
      case 'ready':
        this.#learn(message.typicalTaskMs);
        for (const { modelId } of message.failures) this.#lacking.add(modelId);
        this.#isReady = true;
        return this.#events.onReady(this, message);
      case 'loading':
        return this.#onLoading();
      case 'loaded':
        return this.#onLoaded(message.typicalTaskMs);
      case 'result':
        return this.#finish()?.resolve(detachResult(message.result));
      case 'error':
        return this.#finish()?.reject(new Error(message.reason));
      case 'failed':
        this.#endedFor = new Error(message.reason);
    }
  }

  #learn(typicalTaskMs: number): void {
    this.#baselineBytes = this.#memory.read();
    this.#typicalTaskMs = Math.max(this.#typicalTaskMs, typicalTaskMs);
  }

  #onLoading(): void {
    if (this.#running) this.#running.isLoading = true;
  }

  #onLoaded(typicalTaskMs: number): void {
    this.#learn(typicalTaskMs);
    const running = this.#running;
    if (!running) return;
    this.#lacking.delete(running.task.model.id);
    running.isLoading = running.task.kind === 'load';
    running.deadlineMs = performance.now() + this.#limitMs(running.task);
  }

  #limitMs(task: WorkerTask): number {
    return taskLimitMs(task, this.#decodeSeconds, this.#typicalTaskMs);
  }

  #finish(): Running | undefined {
    const running = this.#running;
    this.#running = undefined;
    return running;
  }

  #onEnd(words: string): void {
    this.#memory.close();
    const reason = this.#endedFor ?? new WorkerFailure('crash', '', words);
    this.#finish()?.reject(reason);
    this.#events.onEnd(this, reason);
  }
}

/** Waits for a process to end and for its last message; says what ended it. */
async function endOf(child: ChildProcess): Promise<string> {
  const disconnected = new Promise((resolve) => child.once('disconnect', resolve));
  const words = await new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(`the worker process ended with ${signal ?? `code ${code}`}`);
    });
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(error.message);
    });
  });
  if (child.connected) await disconnected;
  return words;
}
