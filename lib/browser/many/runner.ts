/** Runs the queue: sends pictures to server and device, a bounded number at a time. */
import type { Classified } from '../client/client';
import { ServerError, type PredictOptions } from '../client/predict';
import type { BatchAnswer } from '../client/prepare/batch';
import type { Device } from '../client/device/device';
import { DeviceError } from '../client/device/worker-bridge';
import type { RuntimeChoice, ServerFailure } from '../client/where';
import {
  addFiles,
  batchTooLarge,
  cancel,
  clear,
  EMPTY_QUEUE,
  isWanted,
  jobEnded,
  jobStarted,
  MAX_UPLOAD_BYTES,
  plan,
  retry,
  serverAnswered,
  serverFailed,
  applyOutcomes,
  type Job,
  type Outcome,
  type Queue,
  type Row,
} from './queue';

export interface RunnerDependencies {
  /** Called for each decision, so that the visitor's latest choice counts. */
  readonly choice: () => RuntimeChoice;
  readonly device: Pick<Device, 'ability' | 'classify'>;
  readonly askServer: (pictures: readonly File[], options: PredictOptions) => Promise<BatchAnswer>;
  /** Whether this browser can decode a picture whose format the server does not read. */
  readonly canDecode: (picture: Blob) => Promise<boolean>;
  readonly isOnline: () => boolean;
  readonly now: () => number;
  /**
   * Calls `work` after `ms` milliseconds.
   *
   * @returns a function that cancels the call
   */
  readonly later: (ms: number, work: () => void) => () => void;
  readonly onAnswer: (row: Row, classified: Classified) => void;
}

/** A file that was deleted or changed since it was chosen, or that may not be read. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

/** A file above the size limit. */
export class OversizeError extends Error {
  override readonly name = 'OversizeError';
}

/** The list of pictures of one visit to the page. */
export class ManyRunner {
  #queue: Queue = EMPTY_QUEUE;
  #cleared: readonly Row[] = [];
  #forgetTimer: (() => void) | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #running = new Map<number, AbortController>();
  readonly #dependencies: RunnerDependencies;

  constructor(dependencies: RunnerDependencies) {
    this.#dependencies = dependencies;
  }

  get queue(): Queue {
    return this.#queue;
  }

  /** For `useSyncExternalStore`. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  add(files: readonly File[]): void {
    this.#cleared = [];
    this.#set(addFiles(this.#queue, files));
  }

  cancel(ids?: ReadonlySet<number>): void {
    this.#set(cancel(this.#queue, ids));
  }

  retry(ids?: ReadonlySet<number>): void {
    this.#set(retry(this.#queue, ids));
  }

  /** Empties the list. `undoClear` restores it until a file is added. */
  clear(): void {
    this.#set(cancel(this.#queue));
    this.#cleared = this.#queue.rows;
    this.#set(clear(this.#queue));
  }

  get canUndo(): boolean {
    return this.#cleared.length > 0;
  }

  /** Restores the cleared list. Pictures that were running then are cancelled. */
  undoClear(): void {
    if (this.#queue.rows.length > 0) return;
    const rows = this.#cleared;
    this.#cleared = [];
    this.#set({ ...this.#queue, rows });
  }

  /** Shows answers from before a reload. Does nothing if the list is not empty. */
  restore(rows: readonly Row[]): void {
    if (this.#queue.rows.length === 0) this.#set({ ...this.#queue, rows });
  }

  /**
   * Called when the visitor's choice has changed. Cancels jobs that the choice no longer allows.
   */
  reconsider = (): void => {
    const choice = this.#dependencies.choice();
    const unwanted = choice === 'device' ? 'server' : choice === 'server' ? 'device' : undefined;
    let queue = this.#queue;
    for (const job of queue.jobs.filter(({ to }) => to === unwanted)) {
      this.#running.get(job.id)?.abort();
      queue = jobEnded(queue, job);
    }
    this.#set(queue);
  };

  /** Starts the jobs that can start now, for example because the network is back. */
  pump = (): void => {
    this.#forgetTimer?.();
    for (;;) {
      const { now, later } = this.#dependencies;
      const next = plan(this.#queue, this.#situation(), now());
      if (next.kind === 'wait') this.#forgetTimer = later(next.untilMs - now(), this.pump);
      if (next.kind !== 'start') return;
      this.#update(jobStarted(this.#queue, next.job));
      void this.#run(next.job);
    }
  };

  #situation() {
    const { device, isOnline, choice } = this.#dependencies;
    return { choice: choice(), online: isOnline(), device: device.ability() };
  }

  #set(queue: Queue): void {
    this.#update(queue);
    for (const job of queue.jobs) {
      if (!isWanted(queue, job)) this.#running.get(job.id)?.abort();
    }
    this.pump();
  }

  #update(queue: Queue): void {
    this.#queue = queue;
    this.#listeners.forEach((listener) => listener());
  }

  async #run(job: Job): Promise<void> {
    const controller = new AbortController();
    this.#running.set(job.id, controller);
    try {
      if (job.to === 'server') await this.#askServer(job, controller.signal);
      else await this.#askDevice(job);
    } finally {
      this.#running.delete(job.id);
      this.#update(jobEnded(this.#queue, job));
      this.pump();
    }
  }

  async #askServer(job: Job & { to: 'server' }, signal: AbortSignal): Promise<void> {
    const refused = new Map<number, Outcome>();
    const errors = await Promise.all(job.rows.map(whyNotSent));
    for (const [index, error] of errors.entries()) {
      if (error) refused.set(job.rows[index]!.id, { kind: 'failed', error });
    }
    this.#apply(job, refused);
    const rows = job.rows.filter(({ id }) => !refused.has(id));
    if (rows.length === 0 || signal.aborted) return;
    const { askServer, now } = this.#dependencies;
    const startedAtMs = now();
    try {
      const files = rows.map(({ file }) => file);
      const answer = await askServer(files, { timeoutMs: job.timeoutMs, signal });
      this.#update(serverAnswered(this.#queue));
      this.#apply(job, await this.#outcomes(rows, answer, now() - startedAtMs));
    } catch (error) {
      if (!signal.aborted) this.#takeFailure(job, rows, error);
    }
  }

  #takeFailure(job: Job, rows: readonly Row[], error: unknown): void {
    if (!(error instanceof ServerError)) {
      const failed: Outcome = { kind: 'failed', error: error as Error };
      return this.#apply(job, new Map(rows.map(({ id }) => [id, failed])));
    }
    const { failure, retryAfterMs } = error;
    const status = failure.kind === 'status' ? failure.status : undefined;
    // The batch is too large, not a single picture: end the job, smaller batches follow.
    if (status === 413 && rows.length > 1) return this.#update(batchTooLarge(this.#queue, job));
    const failed: Outcome = { kind: 'server-failed', failure, error };
    this.#apply(job, new Map(rows.map(({ id }) => [id, failed])));
    if (status === undefined || status === 429 || status >= 500) {
      this.#update(serverFailed(this.#queue, failure, retryAfterMs, this.#dependencies.now()));
    }
  }

  async #outcomes(
    rows: readonly Row[],
    answer: BatchAnswer,
    elapsedMs: number,
  ): Promise<Map<number, Outcome>> {
    const outcomes = new Map<number, Outcome>();
    for (const [index, row] of rows.entries()) {
      const outcome = outcomeOf(answer, index, elapsedMs);
      const isFormat =
        outcome.kind === 'server-failed' &&
        outcome.failure.kind === 'status' &&
        outcome.failure.status === 415;
      const isHopeless = isFormat && !(await this.#dependencies.canDecode(row.file));
      outcomes.set(row.id, isHopeless ? { kind: 'failed', error: outcome.error } : outcome);
    }
    return outcomes;
  }

  async #askDevice(job: Job & { to: 'device' }): Promise<void> {
    const { device, now } = this.#dependencies;
    const { reason, failure } = job;
    for (const { id, file } of job.rows) {
      const startedAtMs = now();
      const outcome = await device.classify(file).then(
        (answer): Outcome => {
          const elapsedMs = now() - startedAtMs;
          const classified = { on: 'device', answer, elapsedMs, reason, failure } as const;
          return { kind: 'answered', classified };
        },
        (error: unknown): Outcome | undefined => {
          // Cancel everything, so that the visitor is not asked again for each picture.
          if (hasCode(error, 'declined')) this.cancel();
          return hasCode(error, 'stopped') || hasCode(error, 'declined')
            ? undefined
            : { kind: 'failed', error: afterServer(error, failure) };
        },
      );
      // The visitor chose another model or backend: the job ends and its pictures wait again.
      if (!outcome) return;
      this.#apply(job, new Map([[id, outcome]]));
    }
  }

  #apply(job: Job, outcomes: ReadonlyMap<number, Outcome>): void {
    if (outcomes.size === 0) return;
    const before = this.#queue;
    this.#update(applyOutcomes(before, job, outcomes, this.#situation()));
    for (const id of outcomes.keys()) {
      const row = this.#queue.rows[id];
      if (row && row !== before.rows[id] && row.state.kind === 'answered') {
        this.#dependencies.onAnswer(row, row.state.classified);
      }
    }
  }
}

/** Adds the server's failure, which made the client ask the device, to the device's error. */
function afterServer(error: unknown, failure: ServerFailure | undefined): Error {
  return error instanceof DeviceError && failure ? error.after(failure) : (error as Error);
}

function hasCode(error: unknown, code: DeviceError['code']): boolean {
  return error instanceof DeviceError && error.code === code;
}

/** Checks a file before it is sent: one unreadable file would make the whole batch fail. */
async function whyNotSent({ file }: Row): Promise<Error | undefined> {
  if (file.size > MAX_UPLOAD_BYTES) return new OversizeError(`${file.size} bytes`);
  try {
    await file.slice(0, 1).arrayBuffer();
    return undefined;
  } catch (error) {
    return new UnreadableError('The file cannot be read.', { cause: error });
  }
}

/** The part of a batch answer for one picture, in the form of an answer to it alone. */
function outcomeOf(
  { id, model, results, sent: sentOf }: BatchAnswer,
  index: number,
  elapsedMs: number,
): Outcome {
  const result = results.find((candidate) => candidate.index === index);
  if (!result) return { kind: 'failed', error: new Error('The server left this picture out.') };
  if ('problem' in result) {
    const failure = { kind: 'status', status: result.status } as const;
    return { kind: 'server-failed', failure, error: new ServerError(failure, result.problem) };
  }
  const { head, predictions, uncertain, image, cached, timings } = result;
  // The batch has one id, but feedback needs one per picture.
  const own = { id: `${id}-${index}`, model, image, cached, timings };
  const answer = { ...own, head, predictions, uncertain };
  const sent = sentOf?.[index];
  return {
    kind: 'answered',
    classified: {
      on: 'server',
      answer: { ...answer, source: 'server' },
      elapsedMs,
      ...(sent ? { sent } : {}),
    },
  };
}
