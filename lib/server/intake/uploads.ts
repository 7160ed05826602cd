import PQueue from 'p-queue';
import { enqueue } from '../enqueue';
import { ApiError } from '../http/api-error';
import type { ApiRequest } from '../http/api-request';
import { getMetrics } from '../metrics/metrics';

const LARGE_BYTES = 1024 * 1024;
const MAX_WAIT_MS = 5_000;

/**
 * Bounds how many large uploads are in memory at once. A body that waits is not read: what has come
 * of it stays in the socket's buffers. Small ones pass; the queue for inference bounds them.
 */
export class Uploads {
  readonly #queue: PQueue;
  readonly #maxWaitMs: number;

  /** @param atOnce large uploads that may be under way */
  constructor(atOnce: number, maxWaitMs = MAX_WAIT_MS) {
    this.#queue = new PQueue({ concurrency: atOnce });
    this.#maxWaitMs = maxWaitMs;
  }

  /** Large uploads under way. */
  get underWay(): number {
    return this.#queue.pending;
  }

  /**
   * Does the work of a request from its body to its answer.
   *
   * @throws ApiError `overloaded` if no place became free in time
   */
  async admit<T>(request: ApiRequest, work: () => Promise<T>): Promise<T> {
    if (!isLarge(request)) return work();
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(this.#overloaded()), this.#maxWaitMs);
    const started = () => {
      clearTimeout(timer);
      return work();
    };
    const signal = AbortSignal.any([request.signal, patience.signal]);
    return enqueue(this.#queue, started, signal).finally(() => clearTimeout(timer));
  }

  #overloaded(): ApiError {
    getMetrics().countShed('uploads');
    const { concurrency } = this.#queue;
    return new ApiError('overloaded', 'Too many large uploads are under way.', {
      expected: `at most ${concurrency} uploads over ${LARGE_BYTES} bytes at once`,
      headers: { 'Retry-After': '2' },
    });
  }
}

function isLarge({ headers, body }: ApiRequest): boolean {
  const declared = headers.get('content-length');
  return body !== null && (declared === null || Number(declared) > LARGE_BYTES);
}
