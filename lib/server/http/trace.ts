/** What a request spends its time on, for those who want traces. Costs nothing while nobody does. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { TraceParent } from './trace-context';

export type TracedStage = 'gate' | 'quota' | 'queue' | 'decode' | 'inference' | 'store';

/** From and to as `performance.now()` tells them. */
export interface StageTime {
  readonly stage: TracedStage;
  readonly startMs: number;
  readonly endMs: number;
}

/** A request that was answered. */
export interface TracedRequest {
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly requestId: string;
  /** Where the client's own trace goes on. */
  readonly parent: TraceParent | undefined;
  readonly notes: Readonly<Record<string, string | number | undefined>>;
  readonly startMs: number;
  readonly endMs: number;
  readonly stages: readonly StageTime[];
}

export type TraceSink = (request: TracedRequest) => void;

const current = new AsyncLocalStorage<StageTime[]>();
let sink: TraceSink | undefined;

/** From now on every answered request is given to the sink, once. */
export function traceTo(wanted: TraceSink | undefined): void {
  sink = wanted;
}

export function isTracing(): boolean {
  return sink !== undefined;
}

/** Runs what answers a request, whose stages are gathered meanwhile. */
export function withStages<T>(stages: StageTime[], work: () => T): T {
  return sink ? current.run(stages, work) : work();
}

export function giveTrace(request: TracedRequest): void {
  sink?.(request);
}

/** Notes a stage of the request that is being answered, if one is. */
export function noteStage(stage: TracedStage, startMs: number, endMs = performance.now()): void {
  current.getStore()?.push({ stage, startMs, endMs });
}

/** Does a stage and notes how long it took, whatever comes of it. */
export async function timeStage<T>(stage: TracedStage, work: () => Promise<T>): Promise<T> {
  const startMs = performance.now();
  try {
    return await work();
  } finally {
    noteStage(stage, startMs);
  }
}

/** What a worker says of its own time, one stage behind the other. */
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
