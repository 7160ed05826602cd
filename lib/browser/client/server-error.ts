import { problemSchema, type Problem } from '@/lib/shared/contract/problems';
import { noticeKeyRequired } from './key-required';
import type { ServerFailure } from './where';

/** The server did not answer, or not with what was asked for. */
export class ServerError extends Error {
  override readonly name = 'ServerError';

  constructor(
    readonly failure: ServerFailure,
    /** What the server said, where it said anything in our own words. */
    readonly problem: Problem | undefined,
    options?: ErrorOptions & { retryAfterMs?: number | undefined },
  ) {
    super(problem?.detail ?? describeFailure(failure), options);
    this.retryAfterMs = options?.retryAfterMs;
  }

  /** When the server said to come again; undefined where it did not. */
  readonly retryAfterMs: number | undefined;
}

/** What an answer that is not 2xx says. A proxy in between may have answered with a page of its own. */
export async function toServerError(response: Response): Promise<ServerError> {
  const body: unknown = await response.json().catch(() => undefined);
  const problem = problemSchema.safeParse(body);
  noticeKeyRequired(problem.data);
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'));
  const failure = { kind: 'status', status: response.status, foreign: !problem.success } as const;
  return new ServerError(failure, problem.data, { retryAfterMs });
}

/** Whole seconds, which is what our server sends; the date that others may send is left alone. */
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
