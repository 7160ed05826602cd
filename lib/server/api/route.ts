import type { ApiRequest } from '../http/api-request';
import type { Operation } from './openapi/parts';
import type { Runtime } from './runtime';

/** Facts that are collected while a request is processed, for its log line. */
export interface RequestNotes {
  /** The id of the request's key, never the key. */
  keyId?: string | undefined;
  model?: string;
  /** The type of the problem in the answer. */
  problem?: string;
  /** Units taken from the quota. */
  cost?: number;
}

/** What a handler gets, from our own server and from Next's route handlers alike. */
export interface RouteContext {
  readonly request: ApiRequest;
  /** Parameters of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The answer's own id, a UUID version 7. */
  readonly answerId: string;
  /** The client's X-Request-Id, or else the answer's id; logged, and sent as X-Request-Id. */
  readonly requestId: string;
  readonly notes: RequestNotes;
  /** `performance.now()` when the request came in. */
  readonly startedAtMs: number;
  /**
   * Takes further units of the quota before the work is done; the first was taken already.
   *
   * @throws ApiError `quota-exceeded` if fewer units are left; then no further unit is taken
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
  /** The route's name in logs and metrics. */
  readonly name: string;
} & (
    | {
        readonly policy: NonNullable<Operation['policy']>;
        readonly handler: Answer<CountedResponse>;
      }
    | { readonly policy?: never; readonly handler: Answer<Response> }
  );
