import './no-telemetry';
import PQueue from 'p-queue';
import { enqueue } from '../enqueue';
import { ApiError } from '../http/api-error';
import { log } from '../log';
import { getMetrics } from '../metrics/metrics';
import type { Isolation } from '../settings';
import { noteWork } from '../trace';
import { Offenders } from './offenders';
import { ProcessWorkers } from './process-workers';
import type {
  ClassifyResult,
  ClassifyTask,
  ExecutionProviders,
  LoadResult,
  ModelSignature,
  PoolResult,
  PoolTask,
  TensorResult,
  TensorTask,
  WorkerModel,
  WorkerReady,
  WorkerResult,
  WorkerSetup,
  WorkerTask,
} from './task';
import { failureError } from './failure-error';
import { ThreadWorkers } from './thread-workers';
import { WorkerFailure, type Workers } from './workers';

/** Weight of the newest task in the running mean of task durations. */
const NEWEST_WEIGHT = 0.1;
const SMALLEST_AUTOMATIC_LIMIT = 16;
/** Pause before workers are started again; doubles with each failed attempt. */
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
const MEMORY_BYTES = 1024 ** 3;

export interface PoolOptions {
  /** The bundled worker entry. */
  readonly workerFile: string;
  readonly workers: number;
  /** Worker processes, unless threads are asked for. */
  readonly isolation?: Isolation;
  /** Bytes a worker process may grow by while it has a picture. */
  readonly memoryBytes?: number;
  /** How many tasks can wait; 0 for about one second of work. */
  readonly queueLimit: number;
  readonly setup: WorkerSetup;
  /** First pause before workers that could not start are started again. */
  readonly retryMs?: number;
}

/** A pool that is `stopping` still answers, but is no longer ready. */
export type PoolState = 'starting' | 'ready' | 'failed' | 'stopping' | 'stopped';

/** How long a task waited for its worker. */
type Queued<Result> = Result & { readonly queueMs: number };

/**
 * Workers behind one bounded queue. It is our own: cancelling a task in piscina's queue would end
 * the worker, and its replacement would have to load the models again.
 */
export class InferencePool {
  readonly workers: number;
  readonly #open: () => Workers;
  /** The models that a worker loads when it starts; replacements read the current list. */
  readonly #setup: WorkerSetup & { models: WorkerModel[] };
  readonly #failures = new Map<string, string>();
  readonly #retryMs: number;
  #pool: Workers;
  readonly #offenders = new Offenders();
  #attempts = 0;
  #retry: NodeJS.Timeout | undefined;
  readonly #queue: PQueue;
  readonly #fixedLimit: number;
  readonly #signatures = new Map<string, ModelSignature>();
  #state: PoolState = 'starting';
  #failure: Error | undefined;
  #providers: ExecutionProviders | undefined;
  #meanTaskMs = 0;
  #warmupMs = 0;
  readonly #started: Promise<void>;
  #resolveStarted!: () => void;

  constructor({
    workerFile,
    workers,
    isolation = 'process',
    memoryBytes = MEMORY_BYTES,
    queueLimit,
    setup,
    retryMs = RETRY_MS,
  }: PoolOptions) {
    this.workers = workers;
    this.#retryMs = retryMs;
    this.#setup = { ...setup, models: [...setup.models] };
    this.#fixedLimit = queueLimit;
    this.#queue = new PQueue({ concurrency: workers });
    this.#started = new Promise((resolve) => (this.#resolveStarted = resolve));
    this.#open = () => {
      const kind = isolation === 'process' ? ProcessWorkers : ThreadWorkers;
      const pool: Workers = new kind({
        workerFile,
        workers,
        memoryBytes,
        setup: () => this.#setup,
        events: {
          onReady: (ready) => this.#onReady(pool, ready),
          onError: (error) => this.#onError(pool, error),
          onLost: (reason) => this.#onLost(pool, reason),
        },
      });
      return pool;
    };
    this.#pool = this.#open();
  }

  get state(): PoolState {
    return this.#state;
  }

  /** Why no worker could start, while `state` is `failed`. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** What models run on, once a worker is warm. */
  get providers(): ExecutionProviders | undefined {
    return this.#providers;
  }

  /** How long the slowest worker so far took to load and warm up. */
  get warmupMs(): number {
    return this.#warmupMs;
  }

  /** Workers that live now, a warm spare among them. */
  get alive(): number {
    return this.#pool.count;
  }

  /** Workers that take tasks now: some of all while others are being started again. */
  get warm(): number {
    return Math.min(this.workers, this.#pool.warm);
  }

  /** Whether some worker has this model, or could load it when it started. */
  canRun(modelId: string): boolean {
    return this.#pool.canRun(modelId);
  }

  /** Ends one worker as a crash would, for tests. */
  crashOne(signal?: NodeJS.Signals): Promise<void> {
    return this.#pool.crashOne(signal);
  }

  /** Ends all workers as a crash would, for tests. */
  async crashAll(): Promise<void> {
    await this.#pool.crashAll();
  }

  /** Tasks waiting for a worker. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Workers at work. */
  get busy(): number {
    return this.#queue.pending;
  }

  /** Tasks that may wait before the next one is refused. */
  get limit(): number {
    if (this.#fixedLimit > 0) return this.#fixedLimit;
    const perSecond = (1000 * this.workers) / Math.max(this.#meanTaskMs, 0.1);
    return Math.max(SMALLEST_AUTOMATIC_LIMIT, Math.round(perSecond));
  }

  /** Resolves when the first worker is warm, or when the pool failed to start. */
  started(): Promise<void> {
    return this.#started;
  }

  /** Why the worker that started last could not load single models, by model id. */
  get failures(): ReadonlyMap<string, string> {
    return this.#failures;
  }

  /**
   * Tries a model on one worker and adds it; the other workers load it with their first task for
   * it.
   *
   * @throws Error with the reason if it cannot be loaded
   */
  async add(model: WorkerModel): Promise<void> {
    await this.started();
    // Workers that start later load it then.
    if (this.#state === 'failed') return this.#keep(model);
    const task: WorkerTask = { kind: 'load', model };
    const result = (await this.#queue.add(() => this.#pool.run(task, []))) as LoadResult;
    if (!result.ok) throw new Error(result.reason);
    this.#keep(model);
    this.#signatures.set(model.id, result.signature);
  }

  /** Removes a model; its running tasks finish. */
  remove(modelId: string): void {
    const { models } = this.#setup;
    this.#setup.models = models.filter(({ id }) => id !== modelId);
    this.#signatures.delete(modelId);
  }

  #keep(model: WorkerModel): void {
    this.remove(model.id);
    this.#failures.delete(model.id);
    this.#pool.forgive(model.id);
    this.#setup.models.push(model);
  }

  /** What a model's graph takes and gives, once the pool is ready. */
  signature(modelId: string): ModelSignature {
    this.#assertReady();
    return this.#signatures.get(modelId)!;
  }

  /**
   * Decodes and classifies one picture. Its bytes are moved to the worker and are gone afterwards.
   *
   * @param signal takes a waiting task out of the queue; a running task finishes
   * @throws ApiError `overloaded` when the queue is full, `not-ready` before the workers are
   */
  classify(task: Omit<ClassifyTask, 'kind'>, signal: AbortSignal): Promise<Queued<ClassifyResult>> {
    const transfer = [task.bytes.buffer];
    return this.#enqueue<ClassifyResult>({ kind: 'classify', ...task }, transfer, signal);
  }

  /**
   * Runs a model on a tensor, whose data is moved to the worker. The caller has checked its shape.
   *
   * @throws ApiError as `classify`
   */
  infer(task: Omit<TensorTask, 'kind'>, signal: AbortSignal): Promise<Queued<TensorResult>> {
    return this.#enqueue<TensorResult>({ kind: 'tensor', ...task }, [task.data.buffer], signal);
  }

  async #enqueue<Result extends PoolResult>(
    task: PoolTask,
    transferList: ArrayBuffer[],
    signal: AbortSignal,
  ): Promise<Queued<Result>> {
    this.#assertReady();
    const model = this.#setup.models.find(({ id }) => id === task.modelId);
    if (!model) throw new ApiError('not-found', `The model "${task.modelId}" was just removed.`);
    if (task.kind === 'classify') this.#offenders.assertInnocent(task.sha256);
    if (this.waiting >= this.limit) throw this.#overloaded();
    const queuedAtMs = performance.now();
    const work = async () => {
      const startedAtMs = performance.now();
      const result = (await this.#run({ ...task, model }, transferList)) as Result;
      this.#learn(performance.now() - startedAtMs);
      return { ...result, queueMs: startedAtMs - queuedAtMs };
    };
    const result = await enqueue(this.#queue, work, signal);
    noteWork(queuedAtMs, result);
    return result;
  }

  /**
   * If the worker dies, the task fails and is not repeated: the client can send the picture again.
   */
  async #run(task: WorkerTask, transferList: ArrayBuffer[]): Promise<WorkerResult> {
    try {
      return await this.#pool.run(task, transferList);
    } catch (cause) {
      const sha256 = task.kind === 'classify' ? task.sha256 : undefined;
      log.error({ err: cause, sha256 }, 'a pool worker lost its task');
      if (sha256 && cause instanceof WorkerFailure) this.#offenders.add(sha256, cause);
      throw failureError(cause, task.kind);
    }
  }

  /** Marks the pool as not ready; it still runs new tasks. */
  announceStop(): void {
    if (this.#state === 'ready') this.#state = 'stopping';
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    clearTimeout(this.#retry);
    await this.#pool.close();
  }

  #assertReady(): void {
    if (this.#state === 'ready' || this.#state === 'stopping') return;
    getMetrics().countShed('not-ready');
    const detail =
      this.#state === 'failed' ? 'The model could not be loaded.' : 'The model is being loaded.';
    throw new ApiError('not-ready', detail, { headers: { 'Retry-After': '1' } });
  }

  #overloaded(): ApiError {
    getMetrics().countShed('queue');
    const waitSeconds = (this.waiting * this.#meanTaskMs) / this.workers / 1000;
    return new ApiError('overloaded', `${this.waiting} pictures are waiting already.`, {
      expected: `fewer than ${this.limit} waiting pictures`,
      received: `${this.waiting} waiting pictures`,
      headers: { 'Retry-After': String(Math.max(1, Math.ceil(waitSeconds))) },
    });
  }

  #learn(taskMs: number): void {
    this.#meanTaskMs += NEWEST_WEIGHT * (taskMs - this.#meanTaskMs);
  }

  #onReady(pool: Workers, ready: WorkerReady): void {
    if (pool !== this.#pool) return;
    const { warmupMs, typicalTaskMs, signatures, providers, failures } = ready;
    this.#providers = providers;
    for (const signature of signatures) {
      this.#signatures.set(signature.modelId, signature);
      this.#failures.delete(signature.modelId);
    }
    for (const { modelId, reason } of failures) this.#failures.set(modelId, reason);
    this.#warmupMs = Math.max(this.#warmupMs, warmupMs);
    this.#meanTaskMs = Math.max(this.#meanTaskMs, typicalTaskMs);
    if (this.#state !== 'starting' && this.#state !== 'failed') return;
    if (this.#state === 'failed') log.info('the pool workers have started after all');
    this.#state = 'ready';
    this.#failure = undefined;
    this.#attempts = 0;
    this.#resolveStarted();
  }

  #onError(pool: Workers, error: Error): void {
    if (pool !== this.#pool) return;
    log.error({ err: error }, 'a pool worker failed');
    if (this.#state === 'starting') this.#fail(error);
    this.#failure = error;
  }

  /** Starts all workers again if none is left: a replacement can fail to start. */
  #onLost(pool: Workers, reason?: Error): void {
    if (pool !== this.#pool || this.#state === 'stopped') return;
    log.warn({ err: reason }, 'a pool worker has ended');
    getMetrics().countWorkerFailure();
    setImmediate(() => {
      if (pool !== this.#pool || this.#state === 'stopped') return;
      if (this.alive === 0) this.#startAnew();
    });
  }

  /** No worker is left: refuses tasks, and starts the workers again later. */
  #startAnew(): void {
    this.#fail(this.#failure ?? new Error('every worker has ended'));
    const waitMs = Math.min(this.#retryMs * 2 ** this.#attempts++, LONGEST_RETRY_MS);
    const gone = this.#pool;
    this.#retry = setTimeout(() => (this.#pool = this.#open()), waitMs).unref();
    void gone.destroy();
  }

  #fail(error: Error): void {
    this.#state = 'failed';
    this.#failure = error;
    this.#resolveStarted();
  }
}
