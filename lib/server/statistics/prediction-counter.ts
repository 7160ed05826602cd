/** Counts and times of one model, in milliseconds. */
export interface ModelCounts {
  /** Rows that got an answer, from the cache too. */
  readonly succeeded: number;
  readonly succeededMs: number;
  readonly failed: number;
  readonly failedMs: number;
  readonly cacheHits: number;
  readonly cacheHitMs: number;
  /** Runs of the model, each for one picture or one tensor of several. */
  readonly executions: number;
  readonly queueMs: number;
  readonly decodeMs: number;
  readonly inferenceMs: number;
  readonly lastAt: Date | undefined;
}

export interface ServedAnswer {
  readonly modelId: string;
  /** From the request to the answer; for a tensor of several rows, divided by the rows. */
  readonly elapsedMs: number;
  readonly isCached: boolean;
}

export type Stages = Pick<ModelCounts, 'queueMs' | 'decodeMs' | 'inferenceMs'>;

const NOTHING: ModelCounts = {
  succeeded: 0,
  succeededMs: 0,
  failed: 0,
  failedMs: 0,
  cacheHits: 0,
  cacheHitMs: 0,
  executions: 0,
  queueMs: 0,
  decodeMs: 0,
  inferenceMs: 0,
  lastAt: undefined,
};

/** Counts the predictions of this process since it started, in all and of each model. */
export class PredictionCounter {
  readonly #byModel = new Map<string, ModelCounts>();
  #total = 0;
  #lastAt: Date | undefined;

  get total(): number {
    return this.#total;
  }

  get lastAt(): Date | undefined {
    return this.#lastAt;
  }

  of(modelId: string): ModelCounts {
    return this.#byModel.get(modelId) ?? NOTHING;
  }

  count({ modelId, elapsedMs, isCached }: ServedAnswer, at: Date): void {
    this.#total++;
    this.#lastAt = at;
    const { succeeded, succeededMs, cacheHits, cacheHitMs } = this.of(modelId);
    this.#set(modelId, {
      succeeded: succeeded + 1,
      succeededMs: succeededMs + elapsedMs,
      ...(isCached ? { cacheHits: cacheHits + 1, cacheHitMs: cacheHitMs + elapsedMs } : {}),
      lastAt: at,
    });
  }

  /** Counts a run of the model, whose answer several requests can share. */
  countExecution(modelId: string, stages: Stages): void {
    const { executions, queueMs, decodeMs, inferenceMs } = this.of(modelId);
    this.#set(modelId, {
      executions: executions + 1,
      queueMs: queueMs + stages.queueMs,
      decodeMs: decodeMs + stages.decodeMs,
      inferenceMs: inferenceMs + stages.inferenceMs,
    });
  }

  countFailure(modelId: string, elapsedMs: number): void {
    const { failed, failedMs } = this.of(modelId);
    this.#set(modelId, { failed: failed + 1, failedMs: failedMs + elapsedMs });
  }

  #set(modelId: string, changed: Partial<ModelCounts>): void {
    this.#byModel.set(modelId, { ...this.of(modelId), ...changed });
  }
}
