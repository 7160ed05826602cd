import { PROBLEM_CONTENT_TYPE } from '../../shared/contract/problems';
import type { ApiError } from './api-error';

/** The format of a route's errors: RFC 9457, or that of another protocol. */
export interface ErrorFormat {
  readonly contentType: string;
  /** @param instance path of the request that failed */
  readonly body: (error: ApiError, instance: string) => unknown;
}

export const problemDetails: ErrorFormat = {
  contentType: PROBLEM_CONTENT_TYPE,
  body: (error, instance) => error.toProblem(instance),
};
