import type { Context } from 'hono';
import { roundToHundredths } from '@/lib/shared/numbers/round';
import { ApiError } from '../http/api-error';
import type { ApiRequest } from '../http/api-request';
import { allowOrigin } from '../http/cors';
import { problemDetails, type ErrorFormat } from '../http/error-format';
import { jsonResponse, jsonTextOf } from '../http/json-response';
import { requestIdOf, makeRequestId } from '../http/request-id';
import { traceOf } from '../http/trace-context';
import { log } from '../log';
import { giveTrace, noteStage, withStages, type StageTime, type TracedRequest } from '../trace';
import type { Runtime } from './runtime';
import type { RouteContext } from './route';

/** Runs work after the answer is sent, before the platform may freeze the process. */
export type After = (work: () => Promise<void>) => void;

/** What each mount (our own server, or Next's route handlers) passes to the API with a request. */
export interface Bindings {
  /** The request as the mount has it, with the last hop in its X-Forwarded-For. */
  readonly request?: ApiRequest;
  readonly after?: After;
  /** `performance.now()` when our own server took the request. */
  readonly arrivedAtMs?: number;
}

export type ApiContext = Context<{ Bindings: Bindings }>;

export type Answering = (context: RouteContext, mount: Bindings) => Promise<Response> | Response;

/**
 * Makes every answer. A thrown error becomes an answer in the route's protocol. Each answer gets
 * its request id and CORS headers, and is logged and measured once.
 *
 * @param name what logs and metrics call the route, whatever the address
 */
export function answer(
  name: string,
  runtime: Pick<Runtime, 'settings' | 'metrics'>,
  handler: Answering,
  format: ErrorFormat = problemDetails,
): (context: ApiContext) => Promise<Response> {
  return async (hono) => {
    // A mount outside this project passes no bindings.
    const mount = (hono.env as Bindings | undefined) ?? {};
    const request = mount.request ?? hono.req.raw;
    const answerId = makeRequestId();
    const context: RouteContext = {
      request,
      params: hono.req.param(),
      answerId,
      requestId: requestIdOf(request.headers) ?? answerId,
      notes: {},
      startedAtMs: performance.now(),
      charge: () => Promise.resolve(),
    };
    const { arrivedAtMs = context.startedAtMs } = mount;
    const stages: StageTime[] = [];
    let response: Response;
    try {
      response = await withStages(stages, () => {
        noteStage('gate', arrivedAtMs, context.startedAtMs);
        return handler(context, mount);
      });
    } catch (error) {
      response = errorResponse(error, context, format);
    }
    response.headers.set('X-Request-Id', context.requestId);
    allowOrigin(request, response, runtime.settings.corsOrigins);
    if (request.method === 'HEAD') declareLength(response);
    observe(name, context, response, runtime);
    giveTrace(() => ({ ...tracedRequest(name, context, response), startMs: arrivedAtMs, stages }));
    return response;
  };
}

/** Sets the Content-Length of an answer to HEAD before Hono removes the body. */
function declareLength(response: Response): void {
  const text = jsonTextOf(response);
  if (text === undefined || response.headers.has('content-length')) return;
  response.headers.set('Content-Length', String(Buffer.byteLength(text)));
}

function observe(
  name: string,
  { request: { method, url, headers }, answerId, requestId, notes, startedAtMs }: RouteContext,
  { status }: Response,
  { metrics }: Pick<Runtime, 'metrics'>,
): void {
  const durationMs = performance.now() - startedAtMs;
  metrics.observeRequest({ route: name, method, status, durationMs });
  const path = new URL(url).pathname;
  const line = {
    requestId,
    // The answer's own id, if the client chose the request id.
    ...(answerId === requestId ? {} : { answerId }),
    traceId: traceOf(headers)?.traceId,
    route: name,
    method,
    path,
    status,
    durationMs: roundToHundredths(durationMs),
    ...notes,
  };
  if (status >= 500) log.warn(line, 'request');
  else log.info(line, 'request');
}

function tracedRequest(
  route: string,
  { request: { method, url, headers }, requestId, notes }: RouteContext,
  { status }: Response,
): Omit<TracedRequest, 'startMs' | 'stages'> {
  return {
    route,
    method,
    path: new URL(url).pathname,
    status,
    requestId,
    parent: traceOf(headers),
    notes: { ...notes },
    endMs: performance.now(),
  };
}

/** A thrown value as an error answer of the route's protocol. */
export function errorResponse(
  error: unknown,
  { request, requestId, notes }: Pick<RouteContext, 'request' | 'requestId' | 'notes'>,
  { contentType, body }: ErrorFormat = problemDetails,
): Response {
  const apiError = ApiError.is(error) ? error : unplanned(error, request, requestId);
  notes.problem = apiError.type;
  return jsonResponse(body(apiError, new URL(request.url).pathname), {
    status: apiError.status,
    contentType,
    headers: { 'Cache-Control': 'no-store', ...apiError.headers },
  });
}

/** An unexpected error: the log gets all of it, the client only the request id to find it by. */
function unplanned(error: unknown, { signal }: ApiRequest, requestId: string): ApiError {
  // The client disconnected: no client reads this answer, and it is not an error of the server.
  if (signal.aborted) return new ApiError('invalid-request', 'The client hung up.');
  log.error({ requestId, err: error }, 'unplanned failure');
  return new ApiError(
    'internal-error',
    `Something went wrong here; the log names it by request id ${requestId}.`,
  );
}
