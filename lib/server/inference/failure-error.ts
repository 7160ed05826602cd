import { ApiError } from '../http/api-error';
import type { WorkerTask } from './task';
import { WorkerFailure } from './workers';

const DETAILS = {
  time: 'Decoding and classifying the picture took too long, so it was given up.',
  memory: 'Decoding the picture took too much memory, so it was given up.',
};

/**
 * What a client is told of a task that its worker did not finish: 422 where the picture passed a
 * limit, 503 where it may as well go well the next time.
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
