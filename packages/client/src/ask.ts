/** Has the server classify a batch, however long it takes. */
import type { BatchResponse } from '@/lib/shared/contract/batch';
import { predictBatchOnServer, ServerError } from '@/lib/browser/client/predict';
import type { CliOptions } from './options';
import { toFile, type PictureFile } from './pictures';
import type { Row } from './rows';

const TIMEOUT_MS = 120_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

export interface Asking {
  readonly options: CliOptions;
  /** Told when it waits, and why. */
  readonly onWait: (seconds: number, reason: string) => void;
  readonly wait: (ms: number) => Promise<void>;
}

/**
 * One row a picture, in order. Comes again as the server says, or later and later while nobody
 * answers.
 *
 * @throws ServerError for what coming again does not change, or after `patienceMs` without an answer
 */
export async function askBatch(batch: readonly PictureFile[], asking: Asking): Promise<Row[]> {
  try {
    const answer = await askPatiently(batch, asking);
    return batch.map((picture, i) => toRow(picture, answer, i));
  } catch (error) {
    if (!(error instanceof ServerError) || !isTooLarge(error)) throw error;
    if (batch.length === 1) return [failedRow(batch[0]!, error)];
    const half = Math.ceil(batch.length / 2);
    const first = await askBatch(batch.slice(0, half), asking);
    return [...first, ...(await askBatch(batch.slice(half), asking))];
  }
}

async function askPatiently(
  batch: readonly PictureFile[],
  { options, onWait, wait }: Asking,
): Promise<BatchResponse> {
  const { server, key, model, topK, patienceMs } = options;
  let waitMs = FIRST_WAIT_MS;
  let givesUpAtMs = Date.now() + patienceMs;
  for (;;) {
    try {
      return await predictBatchOnServer(await Promise.all(batch.map(toFile)), {
        baseUrl: server,
        timeoutMs: TIMEOUT_MS,
        ...(key === undefined ? {} : { key }),
        ...(model === undefined ? {} : { model }),
        ...(topK === undefined ? {} : { topK }),
      });
    } catch (error) {
      if (!(error instanceof ServerError) || !mayPass(error)) throw error;
      // A server that says when to come again is there.
      if (error.retryAfterMs !== undefined) givesUpAtMs = Date.now() + patienceMs;
      else if (Date.now() + waitMs > givesUpAtMs) throw error;
      const ms = error.retryAfterMs ?? waitMs;
      onWait(ms / 1000, error.message);
      await wait(ms);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    }
  }
}

/** Whether it is about the server or the way to it, and not about what was asked. */
function mayPass({ failure }: ServerError): boolean {
  return failure.kind !== 'status' || [429, 502, 503, 504].includes(failure.status);
}

function isTooLarge({ failure }: ServerError): boolean {
  return failure.kind === 'status' && failure.status === 413;
}

function toRow({ name: file }: PictureFile, { model, results }: BatchResponse, i: number): Row {
  const result = results[i]!;
  const common = { file, model: model.id, version: model.version };
  return 'problem' in result
    ? { ...common, predictions: [], uncertain: undefined, problem: result.problem }
    : {
        ...common,
        predictions: result.predictions,
        uncertain: result.uncertain,
        problem: undefined,
      };
}

function failedRow({ name: file }: PictureFile, { problem, message }: ServerError): Row {
  return {
    file,
    predictions: [],
    uncertain: undefined,
    model: undefined,
    version: undefined,
    problem: problem ?? { type: 'too-large', detail: message },
  };
}
