import type { ApiRequest } from '../http/api-request';
import type { Operation } from './openapi/parts';
import type { Runtime } from './runtime';

/** What becomes known of a request on its way, for its line in the log. */
export interface RequestNotes {
  /** The id of the key that asks, never the key. */
  keyId?: string | undefined;
  model?: string;
  /** The type of the problem that it was answered with. */
  problem?: string;
  /** What it took of its quota. */
  cost?: number;
}

/** What a handler gets, from our own server and from Next's route handlers alike. */
export interface RouteContext {
  readonly request: ApiRequest;
  /** Of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** UUID version 7, of the answer: no other answer ever has it. */
  readonly answerId: string;
  /** That of the answer, or what the client called the request; logged, and in X-Request-Id. */
  readonly requestId: string;
  readonly notes: RequestNotes;
  /** `performance.now()` when the request came in. */
  readonly startedAtMs: number;
  /**
   * Takes further units of the quota, before the work is done: one was taken already.
   *
   * @throws ApiError `quota-exceeded` if so much is not left; then nothing more is taken
   */
  readonly charge: (cost: number) => Promise<void>;
}

/** An answer, and further fields to count beside route, status and time. */
export interface CountedResponse {
  readonly response: Response;
  readonly counted: readonly string[];
}

type Answer<T> = (context: RouteContext, runtime: Runtime) => Promise<T> | T;

/**
 * One address with one method. Its description goes into the OpenAPI document. Where it names a
 * policy, the request takes one of that quota and its answer is counted.
 */
export type Route = Operation & {
  /** What logs and metrics call it, whatever the address. */
  readonly name: string;
} & (
    | {
        readonly policy: NonNullable<Operation['policy']>;
        readonly handler: Answer<CountedResponse>;
      }
    | { readonly policy?: never; readonly handler: Answer<Response> }
  );
