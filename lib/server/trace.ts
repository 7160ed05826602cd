/** The stages of a request, for traces. While no sink is set this costs one comparison a call. */
import { AsyncLocalStorage } from 'node:async_hooks';

export type TracedStage = 'gate' | 'quota' | 'queue' | 'decode' | 'inference' | 'store';

/** Start and end in the milliseconds of `performance.now()`. */
export interface StageTime {
  readonly stage: TracedStage;
  readonly startMs: number;
  readonly endMs: number;
}

/** The client's span that is the parent of a request. */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits: the id of the client's span. */
  readonly parentId: string;
  readonly isSampled: boolean;
}

/** A request that was answered. */
export interface TracedRequest {
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly requestId: string;
  readonly parent: TraceParent | undefined;
  /** The fields of the request's log line. */
  readonly notes: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly startMs: number;
  readonly endMs: number;
  readonly stages: readonly StageTime[];
}

export type TraceSink = (request: TracedRequest) => void;

const current = new AsyncLocalStorage<StageTime[]>();
let sink: TraceSink | undefined;

/** Sets the sink, which gets each answered request once; `undefined` removes it. */
export function traceTo(wanted: TraceSink | undefined): void {
  sink = wanted;
}

/** Answers a request, and adds the stages that `work` notes to `stages`. */
export function withStages<T>(stages: StageTime[], work: () => T): T {
  return sink ? current.run(stages, work) : work();
}

/** @param describe called only if a sink is set */
export function giveTrace(describe: () => TracedRequest): void {
  sink?.(describe());
}

/** Records a stage of the current request; does nothing outside of a request. */
export function noteStage(stage: TracedStage, startMs: number, endMs: number): void {
  current.getStore()?.push({ stage, startMs, endMs });
}

/** Runs a stage and notes its time, whether it succeeds or fails. */
export function timeStage<T>(stage: TracedStage, work: () => Promise<T>): Promise<T> {
  if (!sink) return work();
  const startMs = performance.now();
  return work().finally(() => noteStage(stage, startMs, performance.now()));
}

/** Notes the times that a worker reports, one stage after the other. */
export function noteWork(
  queuedAtMs: number,
  times: { readonly queueMs: number; readonly decodeMs?: number; readonly inferenceMs?: number },
): void {
  const { queueMs, decodeMs, inferenceMs } = times;
  const startedAtMs = queuedAtMs + queueMs;
  const decodedAtMs = startedAtMs + (decodeMs ?? 0);
  noteStage('queue', queuedAtMs, startedAtMs);
  if (decodeMs !== undefined) noteStage('decode', startedAtMs, decodedAtMs);
  if (inferenceMs !== undefined) noteStage('inference', decodedAtMs, decodedAtMs + inferenceMs);
}
