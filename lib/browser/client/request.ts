import '@/lib/shared/contract/no-eval';
import type * as z from 'zod/mini';
import type { ServerFailure } from './where';
import { ServerError, toServerError } from './server-error';

export interface RequestOptions {
  /** Origin of the server; the page's own by default. */
  readonly baseUrl?: string;
  /** An API key, which has a quota of its own. */
  readonly key?: string;
  /** For all attempts and the waiting between them. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** How often to come again after a 429 or 503 that says when; 0 by default. */
  readonly retries?: number;
  /** For tests. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Asks the server, and again when it says to come again, as long as there is time for it.
 *
 * @param path on the server's origin
 * @param init with a body that can be sent more than once
 * @throws ServerError for any failure of the server's or the network's, the caller's own abort
 *   reason if `signal` aborts
 */
export function request<Schema extends z.ZodMiniType>(
  path: string,
  init: RequestInit,
  schema: Schema,
  options: RequestOptions,
): Promise<z.infer<Schema>> {
  const read = async (response: Response) => schema.parse(await response.json());
  return requestAs(path, init, read, options);
}

/**
 * As `request`, for an answer that is read in a way of its own.
 *
 * @param read gets an answer of 2xx, and what aborts when there is no more time
 */
export async function requestAs<Answer>(
  path: string,
  init: RequestInit,
  read: (response: Response, signal: AbortSignal) => Promise<Answer>,
  { baseUrl = '', key, timeoutMs, signal, retries = 0, wait = sleep }: RequestOptions,
): Promise<Answer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const deadlineMs = performance.now() + timeoutMs;
  try {
    for (let left = retries; ; left--) {
      try {
        return await attempt(baseUrl + path, withKey(init, key), read, either);
      } catch (error) {
        const waitMs = left > 0 ? waitBeforeRetry(error) : undefined;
        if (waitMs === undefined || performance.now() + waitMs > deadlineMs) throw error;
        await wait(waitMs, either);
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ServerError) throw error;
    const failure: ServerFailure = timeout.aborted
      ? { kind: 'timeout', timeoutMs }
      : { kind: 'network' };
    throw new ServerError(failure, undefined, { cause: error });
  }
}

function withKey(init: RequestInit, key: string | undefined): RequestInit {
  if (key === undefined) return init;
  const headers = new Headers(init.headers);
  headers.set('Authorization', `Bearer ${key}`);
  return { ...init, headers };
}

async function attempt<Answer>(
  url: string,
  init: RequestInit,
  read: (response: Response, signal: AbortSignal) => Promise<Answer>,
  signal: AbortSignal,
): Promise<Answer> {
  const response = await fetch(url, { ...init, signal });
  if (!response.ok) throw await toServerError(response);
  return read(response, signal);
}

/** Undefined for what coming again would not change. */
function waitBeforeRetry(error: unknown): number | undefined {
  if (!(error instanceof ServerError) || error.failure.kind !== 'status') return undefined;
  const { status } = error.failure;
  return status === 429 || status === 503 ? error.retryAfterMs : undefined;
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
