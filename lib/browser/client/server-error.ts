import { problemSchema, type Problem } from '@/lib/shared/contract/problems';
import { noticeKeyRequired } from './key-required';
import type { ServerFailure } from './where';

/** The server did not answer, or its answer was not the requested one. */
export class ServerError extends Error {
  override readonly name = 'ServerError';

  constructor(
    readonly failure: ServerFailure,
    /** The problem details of the server; undefined if the answer has none. */
    readonly problem: Problem | undefined,
    options?: ErrorOptions & { retryAfterMs?: number | undefined },
  ) {
    super(problem?.detail ?? describeFailure(failure), options);
    this.retryAfterMs = options?.retryAfterMs;
  }

  /** Milliseconds after which the server allows a retry; undefined if it did not say. */
  readonly retryAfterMs: number | undefined;
}

/** Makes an error of a response that is not 2xx. A proxy may have sent a page of its own. */
export async function toServerError(response: Response): Promise<ServerError> {
  const body: unknown = await response.json().catch(() => undefined);
  const problem = problemSchema.safeParse(body);
  noticeKeyRequired(problem.data);
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'));
  const failure = { kind: 'status', status: response.status, foreign: !problem.success } as const;
  return new ServerError(failure, problem.data, { retryAfterMs });
}

/**
 * Reads whole seconds, which our server sends. A date, which other servers may send, is ignored.
 */
function parseRetryAfter(header: string | null): number | undefined {
  return header !== null && /^\d+$/.test(header) ? Number(header) * 1000 : undefined;
}

function describeFailure(failure: ServerFailure): string {
  if (failure.kind === 'timeout') {
    return `The server did not answer within ${failure.timeoutMs / 1000} seconds.`;
  }
  return failure.kind === 'network'
    ? 'The server cannot be reached.'
    : `The server answered with status ${failure.status}.`;
}
