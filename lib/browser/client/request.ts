import '@/lib/shared/contract/no-eval';
import type * as z from 'zod/mini';
import type { ServerFailure } from './where';
import { ServerError, toServerError } from './server-error';

export interface RequestOptions {
  /** Origin of the server; default: the page's own origin. */
  readonly baseUrl?: string;
  /** An API key, which has its own quota. */
  readonly key?: string;
  /** Time limit for all attempts and the waiting between them. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Number of retries after a 429 or 503 with Retry-After; default 0. */
  readonly retries?: number;
  /** Replaced by tests. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Sends a request to the server. Retries when the server says when, if the time limit allows.
 *
 * @param path path on the server's origin
 * @param init its body must be reusable, because it may be sent more than once
 * @throws ServerError for any failure of the server or the network; the abort reason if `signal`
 *   aborts
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
 * Like `request`, but with a reader of the answer.
 *
 * @param read gets a 2xx response, and a signal that aborts at the time limit
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

/** Milliseconds to wait; undefined if a retry would not help. */
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
