import { log } from '../log';
import { getMetrics } from '../metrics/metrics';
import { processSettings } from '../settings';
import { ApiError } from './api-error';
import { allowOrigin, optionsResponse } from './cors';
import { problemDetails, type ErrorFormat } from './error-format';
import { jsonResponse } from './json-response';
import { makeRequestId } from './request-id';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
type Method = (typeof METHODS)[number];

export interface RouteContext<Params> {
  readonly request: Request;
  readonly params: Params;
  /** UUID version 7; the answer carries it as X-Request-Id. */
  readonly requestId: string;
  /** `performance.now()` when the handler was entered. */
  readonly startedAtMs: number;
}

export type Handler<Params> = (context: RouteContext<Params>) => Promise<Response> | Response;

export type NextHandler<Params> = (
  request: Request,
  context: { params: Promise<Params> },
) => Promise<Response>;

/**
 * Wraps a handler so that whatever it throws becomes an answer of its protocol, every answer
 * carries its request id and what other origins may know, and is logged and measured once.
 *
 * @param name what logs and metrics call the route, whatever the address
 */
export function route<Params = unknown>(
  name: string,
  handler: Handler<Params>,
  format: ErrorFormat = problemDetails,
): NextHandler<Params> {
  return async (request, { params }) => {
    const startedAtMs = performance.now();
    const requestId = makeRequestId();
    let response: Response;
    try {
      response = await handler({ request, params: await params, requestId, startedAtMs });
    } catch (error) {
      response = errorResponse(error, { request, requestId }, format);
    }
    response.headers.set('X-Request-Id', requestId);
    allowOrigin(request, response, processSettings().corsOrigins);
    observe(name, request, response, requestId, performance.now() - startedAtMs);
    return response;
  };
}

function observe(
  name: string,
  request: Request,
  response: Response,
  requestId: string,
  durationMs: number,
): void {
  const { method } = request;
  const { status } = response;
  getMetrics().observeRequest({ route: name, method, status, durationMs });
  const path = new URL(request.url).pathname;
  const line = { requestId, route: name, method, path, status, durationMs: roundMs(durationMs) };
  if (status >= 500) log.warn(line, 'request');
  else log.info(line, 'request');
}

function roundMs(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}

/** Handlers for every method but the ones named: OPTIONS tells which those are, others are 405. */
export function otherMethods(
  ...allowed: Method[]
): Record<Method | 'OPTIONS', NextHandler<unknown>>;
export function otherMethods(
  format: ErrorFormat,
  ...allowed: Method[]
): Record<Method | 'OPTIONS', NextHandler<unknown>>;
export function otherMethods(
  first: Method | ErrorFormat,
  ...rest: Method[]
): Record<Method | 'OPTIONS', NextHandler<unknown>> {
  const [format, allowed] =
    typeof first === 'object' ? [first, rest] : [problemDetails, [first, ...rest]];
  const answered = allowed.includes('GET') ? [...allowed, 'HEAD'] : allowed;
  const offered = [...answered, 'OPTIONS'];
  const refuse = route(
    'method-not-allowed',
    ({ request }) => {
      throw new ApiError(
        'method-not-allowed',
        `This address answers ${answered.join(' and ')} only.`,
        {
          expected: answered.join(', '),
          received: request.method,
          headers: { Allow: offered.join(', ') },
        },
      );
    },
    format,
  );
  const options = route('options', ({ request }) =>
    optionsResponse(request, offered, processSettings().corsOrigins),
  );
  const handlers = METHODS.map((method) => [method, refuse] as const);
  return { ...(Object.fromEntries(handlers) as Record<Method, typeof refuse>), OPTIONS: options };
}

/** Whatever was thrown, as the answer that the route's protocol has for it. */
export function errorResponse(
  error: unknown,
  { request, requestId }: Pick<RouteContext<unknown>, 'request' | 'requestId'>,
  { contentType, body }: ErrorFormat = problemDetails,
): Response {
  const apiError = ApiError.is(error) ? error : unplanned(error, request, requestId);
  return jsonResponse(body(apiError, new URL(request.url).pathname), {
    status: apiError.status,
    contentType,
    headers: { 'Cache-Control': 'no-store', ...apiError.headers },
  });
}

/** An error nobody planned for: the log gets all of it, the client only where to find it. */
function unplanned(error: unknown, request: Request, requestId: string): ApiError {
  // Nobody reads this answer, and nothing is wrong here.
  if (request.signal.aborted) return new ApiError('invalid-request', 'The client hung up.');
  log.error({ requestId, err: error }, 'unplanned failure');
  return new ApiError(
    'internal-error',
    `Something went wrong here; the log names it by request id ${requestId}.`,
  );
}
