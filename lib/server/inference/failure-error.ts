import { ApiError } from '../http/api-error';
import type { WorkerTask } from './task';
import { WorkerFailure } from './workers';

const DETAILS = {
  time: 'Decoding and classifying the picture took too long, so it was stopped.',
  memory: 'Decoding the picture took too much memory, so it was stopped.',
};

/**
 * The error for a task that its worker did not finish: 422 if the picture exceeded a limit, 503 if
 * a retry may succeed.
 */
export function failureError(cause: unknown, kind: WorkerTask['kind']): ApiError {
  if (kind === 'classify' && cause instanceof WorkerFailure && cause.reason !== 'crash') {
    const { expected, received } = cause;
    return new ApiError('undecodable-image', DETAILS[cause.reason], { expected, received, cause });
  }
  const subject = kind === 'classify' ? 'The worker that had this picture' : 'A worker';
  return new ApiError('not-ready', `${subject} failed.`, {
    headers: { 'Retry-After': '1' },
    cause,
  });
}
