import { PROBLEM_TYPES, type Problem, type ProblemType } from '../../shared/contract/problems';

export interface ApiErrorDetails {
  readonly expected?: string;
  readonly received?: string;
  readonly headers?: Record<string, string>;
  readonly cause?: unknown;
}

/** An error with the answer that the client gets. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly type: ProblemType;
  readonly expected: string | undefined;
  readonly received: string | undefined;
  readonly headers: Record<string, string>;

  constructor(type: ProblemType, detail: string, details: ApiErrorDetails = {}) {
    super(detail, { cause: details.cause });
    this.type = type;
    this.expected = details.expected;
    this.received = details.received;
    this.headers = details.headers ?? {};
  }

  static is(error: unknown): error is ApiError {
    return error instanceof ApiError;
  }

  get status(): number {
    return PROBLEM_TYPES[this.type].status;
  }

  /** @param instance path of the request that failed */
  toProblem(instance: string): Problem {
    const { status, title } = PROBLEM_TYPES[this.type];
    return {
      type: this.type,
      title,
      status,
      detail: this.message,
      instance,
      ...(this.expected === undefined ? {} : { expected: this.expected }),
      ...(this.received === undefined ? {} : { received: this.received }),
    };
  }
}
