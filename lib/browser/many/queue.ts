/**
 * The states of many pictures, as pure functions: the time is an argument, so tests reach every
 * path.
 */
import type { Classified } from '../client/client';
import { where, type DeviceReason, type ServerFailure, type Situation } from '../client/where';
import { MAX_BATCH_IMAGES } from '../../shared/contract/batch';

export type RowState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'working'; readonly job: number }
  | { readonly kind: 'answered'; readonly classified: Classified }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'cancelled' };

/** One picture. Rows keep the order in which files were added. */
export interface Row {
  readonly id: number;
  readonly file: File;
  /** Path of the file, with its folders. */
  readonly path: string;
  readonly state: RowState;
  /** How often the server failed with this picture while the device was not allowed to answer. */
  readonly attempts: number;
  /** Set if the server failed with this picture and the device answers instead. */
  readonly fallOver: FallOver | undefined;
  /** Key in the history, for an answer from before a reload. The file is then missing. */
  readonly kept?: number;
  /** Size in bytes, if the file is missing. */
  readonly bytes?: number;
}

export interface FallOver {
  readonly reason: DeviceReason;
  readonly failure: ServerFailure | undefined;
}

export type Job = { readonly id: number; readonly rows: readonly Row[] } & (
  { readonly to: 'server'; readonly timeoutMs: number } | ({ readonly to: 'device' } & FallOver)
);

export interface Queue {
  readonly rows: readonly Row[];
  readonly jobs: readonly Job[];
  readonly lastJob: number;
  /** Why the server is not asked now, and until when. */
  readonly pause: { readonly untilMs: number; readonly failure: ServerFailure } | undefined;
  /** Consecutive failures of the server. */
  readonly failures: number;
  readonly maxBatchBytes: number;
}

/** Longest list. It prevents that a whole disk, dropped by mistake, fills the page. */
export const MAX_ROWS = 5_000;
/**
 * Largest batch. It is far below the server's 64 MiB, so that answers come often and show progress.
 */
export const BATCH_BYTES = 16 * 1024 * 1024;
/** Larger files are not sent, because the server would refuse them. */
export const MAX_UPLOAD_BYTES = 64 * 1024 * 1024;
export const MAX_ATTEMPTS = 3;

const AT_ONCE = { server: 2, device: 2 } as const;
const TIMEOUT_PER_PICTURE_MS = 1_000;
/** Length of a pause if the server sends no Retry-After. */
const PAUSE_MS = { first: 5_000, longest: 60_000 } as const;

export const EMPTY_QUEUE: Queue = {
  rows: [],
  jobs: [],
  lastJob: 0,
  pause: undefined,
  failures: 0,
  maxBatchBytes: BATCH_BYTES,
};

/** Adds files at the end of the list. Files beyond `MAX_ROWS` are left out. */
export function addFiles(queue: Queue, files: readonly File[]): Queue {
  const added = files.slice(0, MAX_ROWS - queue.rows.length).map((file, index): Row => ({
    id: queue.rows.length + index,
    file,
    path: pathOf(file),
    state: { kind: 'waiting' },
    attempts: 0,
    fallOver: undefined,
  }));
  return { ...queue, rows: [...queue.rows, ...added] };
}

export type Plan =
  | { readonly kind: 'start'; readonly job: Job }
  /** No job can start before `untilMs`. */
  | { readonly kind: 'wait'; readonly untilMs: number }
  /** No picture waits, or enough jobs are running. */
  | { readonly kind: 'idle' };

/** Plans the next job. Call it again after each start, until no job is left. */
export function plan(queue: Queue, situation: Omit<Situation, 'failure'>, nowMs: number): Plan {
  const pause = queue.pause && nowMs < queue.pause.untilMs ? queue.pause : undefined;
  const next = where({ ...situation, ...(pause ? { failure: pause.failure } : {}) });
  const waiting = queue.rows.filter(({ state }) => state.kind === 'waiting');

  const forDevice = deviceRow(waiting, situation, next.to === 'device');
  if (forDevice && isFree(queue, 'device')) {
    const here =
      next.to === 'device' ? { reason: next.reason, failure: pause?.failure } : undefined;
    const why = situation.choice === 'device' ? here : (forDevice.fallOver ?? here);
    if (why) return start(queue, { to: 'device', rows: [forDevice], ...why });
  }
  const forServer = waiting.filter(({ fallOver }) => !fallOver || situation.choice === 'server');
  if (next.to === 'server' && forServer.length > 0 && isFree(queue, 'server')) {
    const rows = firstBatch(forServer, queue.maxBatchBytes);
    const timeoutMs = next.timeoutMs + rows.length * TIMEOUT_PER_PICTURE_MS;
    return start(queue, { to: 'server', rows, timeoutMs });
  }
  return pause && forServer.length > 0
    ? { kind: 'wait', untilMs: pause.untilMs }
    : { kind: 'idle' };
}

/** The first row that the device may answer now; none if the visitor insists on the server. */
function deviceRow(
  waiting: readonly Row[],
  { choice }: Pick<Situation, 'choice'>,
  isForAll: boolean,
): Row | undefined {
  if (choice === 'server') return undefined;
  return isForAll ? waiting[0] : waiting.find(({ fallOver }) => fallOver);
}

function isFree(queue: Queue, to: Job['to']): boolean {
  return queue.jobs.filter((job) => job.to === to).length < AT_ONCE[to];
}

/** The first rows that fit in a batch. A file above the limit goes alone. */
function firstBatch(rows: readonly Row[], maxBytes: number): readonly Row[] {
  let bytes = 0;
  const fits = rows.slice(0, MAX_BATCH_IMAGES).findIndex(({ file }, index) => {
    bytes += file.size;
    return index > 0 && bytes > maxBytes;
  });
  return rows.slice(0, fits < 0 ? MAX_BATCH_IMAGES : fits);
}

type NewJob =
  Omit<Extract<Job, { to: 'server' }>, 'id'> | Omit<Extract<Job, { to: 'device' }>, 'id'>;

function start(queue: Queue, job: NewJob): Plan {
  return { kind: 'start', job: { id: queue.lastJob + 1, ...job } };
}

/** Marks a planned job as started. */
export function jobStarted(queue: Queue, job: Job): Queue {
  const state: RowState = { kind: 'working', job: job.id };
  return {
    ...change(queue, idsOf(job.rows), (row) => ({ ...row, state })),
    jobs: [...queue.jobs, job],
    lastJob: job.id,
  };
}

/** The outcome for one picture of a job. */
export type Outcome =
  | { readonly kind: 'answered'; readonly classified: Classified }
  | { readonly kind: 'failed'; readonly error: Error }
  /** The server failed, or this browser may succeed: `where` decides. */
  | { readonly kind: 'server-failed'; readonly failure: ServerFailure; readonly error: Error };

/**
 * Applies the outcomes of a job, picture by picture. A picture that was cancelled, or that another
 * job has taken since, keeps its state.
 */
export function applyOutcomes(
  queue: Queue,
  job: Job,
  outcomes: ReadonlyMap<number, Outcome>,
  situation: Omit<Situation, 'failure'>,
): Queue {
  return change(queue, new Set(outcomes.keys()), (row) =>
    isOf(row, job) ? applyOutcome(row, outcomes.get(row.id)!, situation) : row,
  );
}

function applyOutcome(row: Row, outcome: Outcome, situation: Omit<Situation, 'failure'>): Row {
  if (outcome.kind === 'answered') {
    return { ...row, state: { kind: 'answered', classified: outcome.classified } };
  }
  if (outcome.kind === 'failed') return { ...row, state: { kind: 'failed', error: outcome.error } };
  const { failure, error } = outcome;
  const next = where({ ...situation, failure });
  if (next.to === 'device') {
    return { ...row, state: { kind: 'waiting' }, fallOver: { reason: next.reason, failure } };
  }
  const attempts = row.attempts + 1;
  const comesAgain = isPassing(failure) && attempts < MAX_ATTEMPTS;
  return { ...row, attempts, state: comesAgain ? { kind: 'waiting' } : { kind: 'failed', error } };
}

/** Ends a job; its pictures without an outcome wait again. */
export function jobEnded(queue: Queue, job: Job): Queue {
  const ended = change(queue, idsOf(job.rows), (row) =>
    isOf(row, job) ? { ...row, state: { kind: 'waiting' } } : row,
  );
  return { ...ended, jobs: queue.jobs.filter(({ id }) => id !== job.id) };
}

export function serverAnswered(queue: Queue): Queue {
  return { ...queue, failures: 0 };
}

/**
 * Pauses requests to the server: for its Retry-After, else for a time that grows with each failure.
 */
export function serverFailed(
  queue: Queue,
  failure: ServerFailure,
  retryAfterMs: number | undefined,
  nowMs: number,
): Queue {
  const guessMs = Math.min(PAUSE_MS.longest, PAUSE_MS.first * 2 ** queue.failures);
  const untilMs = Math.max(queue.pause?.untilMs ?? 0, nowMs + (retryAfterMs ?? guessMs));
  return { ...queue, failures: queue.failures + 1, pause: { untilMs, failure } };
}

/** A proxy refused a batch as too large: halves the size of later batches. */
export function batchTooLarge(queue: Queue, job: Job): Queue {
  const bytes = job.rows.reduce((sum, { file }) => sum + file.size, 0);
  return { ...queue, maxBatchBytes: Math.max(1, Math.floor(bytes / 2)) };
}

/** Cancels waiting and running pictures; without `ids`, all of them. */
export function cancel(queue: Queue, ids?: ReadonlySet<number>): Queue {
  return change(queue, ids ?? idsOf(queue.rows), (row) =>
    isOpen(row) ? { ...row, state: { kind: 'cancelled' } } : row,
  );
}

/**
 * Lets failed and cancelled pictures wait again; without `ids`, all of them. The server is asked at
 * once, unless it limits requests: then after the time that it gave.
 */
export function retry(queue: Queue, ids?: ReadonlySet<number>): Queue {
  const retried = change(queue, ids ?? idsOf(queue.rows), (row) =>
    row.state.kind === 'failed' || row.state.kind === 'cancelled'
      ? { ...row, state: { kind: 'waiting' }, attempts: 0, fallOver: undefined }
      : row,
  );
  const isLimited = queue.pause?.failure.kind === 'status' && queue.pause.failure.status === 429;
  return { ...retried, failures: 0, pause: isLimited ? queue.pause : undefined };
}

/** Removes all pictures. Job numbers continue, so that late outcomes of old jobs are recognised. */
export function clear(queue: Queue): Queue {
  return { ...queue, rows: [], jobs: [] };
}

export function isOpen({ state }: Row): boolean {
  return state.kind === 'waiting' || state.kind === 'working';
}

/** Whether a picture still waits for this job. */
export function isWanted(queue: Queue, job: Job): boolean {
  return job.rows.some(({ id }) => isOf(queue.rows[id]!, job));
}

function isOf({ state }: Row, job: Job): boolean {
  return state.kind === 'working' && state.job === job.id;
}

function isPassing(failure: ServerFailure): boolean {
  return failure.kind !== 'status' || failure.status === 429 || failure.status >= 500;
}

function change(queue: Queue, ids: ReadonlySet<number>, to: (row: Row) => Row): Queue {
  return { ...queue, rows: queue.rows.map((row) => (ids.has(row.id) ? to(row) : row)) };
}

function idsOf(rows: readonly Row[]): ReadonlySet<number> {
  return new Set(rows.map(({ id }) => id));
}

/** The path from the browser or drop zone, without a leading `./` or `/`. */
function pathOf(file: File): string {
  const { path } = file as File & { readonly path?: string };
  return (path ?? (file.webkitRelativePath || file.name)).replace(/^(\.?\/)+/, '');
}
