import { ApiError } from '../http/api-error';
import type { ApiRequest } from '../http/api-request';
import { getMetrics } from '../metrics/metrics';
import { Places } from './places';

const LARGE_BYTES = 1024 * 1024;
const MAX_WAIT_MS = 5_000;

/** Waits until the request gets a place; called with its first bytes. */
type Admission = () => Promise<void>;

const admissions = new WeakMap<ApiRequest, Admission>();

/**
 * Called with the first bytes of a body, before the rest is read. While it waits for a place, the
 * body is not read: its bytes stay in the socket's buffers.
 *
 * @throws ApiError `overloaded` if no place became free in time
 */
export async function enterBody(request: ApiRequest): Promise<void> {
  await admissions.get(request)?.();
}

/**
 * Bounds how many large uploads are in memory at once. Small uploads pass; the queue for inference
 * bounds them. A client that sends no bytes takes no place.
 */
export class Uploads {
  readonly #places: Places;
  readonly #maxWaitMs: number;

  /** @param atOnce large uploads that may be under way */
  constructor(atOnce: number, maxWaitMs = MAX_WAIT_MS) {
    this.#places = new Places(atOnce);
    this.#maxWaitMs = maxWaitMs;
  }

  /** Large uploads under way. */
  get underWay(): number {
    return this.#places.underWay;
  }

  /**
   * Does the work of a request from its body to its answer.
   *
   * @param identity of the client: no single identity can take all places
   */
  async admit<T>(request: ApiRequest, work: () => Promise<T>, identity = ''): Promise<T> {
    if (!isLarge(request)) return work();
    let giveBack: (() => void) | undefined;
    admissions.set(request, async () => {
      giveBack ??= await this.#take(request, identity);
    });
    try {
      return await work();
    } finally {
      admissions.delete(request);
      giveBack?.();
    }
  }

  async #take(request: ApiRequest, identity: string): Promise<() => void> {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(this.#overloaded()), this.#maxWaitMs);
    const signal = AbortSignal.any([request.signal, patience.signal]);
    return this.#places.take(identity, signal).finally(() => clearTimeout(timer));
  }

  #overloaded(): ApiError {
    getMetrics().countShed('uploads');
    return new ApiError('overloaded', 'Too many large uploads are under way.', {
      expected: `at most ${this.#places.count} uploads over ${LARGE_BYTES} bytes at once`,
      headers: { 'Retry-After': '2' },
    });
  }
}

function isLarge({ headers, body }: ApiRequest): boolean {
  const declared = headers.get('content-length');
  return body !== null && (declared === null || Number(declared) > LARGE_BYTES);
}
