import './no-eval';
import { predictResponseSchema, type PredictResponse } from '../../shared/contract/predict';
import { problemSchema, type Problem } from '../../shared/contract/problems';
import type { ServerFailure } from '../where';

/** The server did not answer, or not with a prediction. */
export class ServerError extends Error {
  override readonly name = 'ServerError';

  constructor(
    readonly failure: ServerFailure,
    /** What the server said, where it said anything in our own words. */
    readonly problem: Problem | undefined,
    options?: ErrorOptions,
  ) {
    super(problem?.detail ?? describeFailure(failure), options);
  }
}

export interface PredictOptions {
  readonly topK?: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Sends a picture to the server.
 *
 * @throws ServerError for any failure of the server's or the network's, the caller's own abort
 *   reason if `signal` aborts
 */
export async function predictOnServer(
  picture: Blob,
  { topK, timeoutMs, signal }: PredictOptions,
): Promise<PredictResponse> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(topK ? `/api/predict?topK=${topK}` : '/api/predict', {
      method: 'POST',
      // A type such as text/plain would be refused unread; the bytes decide what it is.
      headers: { 'Content-Type': 'application/octet-stream' },
      body: picture,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    if (!response.ok) throw await toServerError(response);
    return predictResponseSchema.parse(await response.json());
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ServerError) throw error;
    const failure: ServerFailure = timeout.aborted
      ? { kind: 'timeout', timeoutMs }
      : { kind: 'network' };
    throw new ServerError(failure, undefined, { cause: error });
  }
}

async function toServerError(response: Response): Promise<ServerError> {
  // A proxy in between answers with a page of its own.
  const body: unknown = await response.json().catch(() => undefined);
  const problem = problemSchema.safeParse(body);
  return new ServerError({ kind: 'status', status: response.status }, problem.data);
}

function describeFailure(failure: ServerFailure): string {
  if (failure.kind === 'timeout') {
    return `The server did not answer within ${failure.timeoutMs / 1000} seconds.`;
  }
  return failure.kind === 'network'
    ? 'The server cannot be reached.'
    : `The server answered with status ${failure.status}.`;
}
