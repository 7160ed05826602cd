import { v7 as uuidv7 } from 'uuid';
import { PROBLEM_CONTENT_TYPE } from '../../shared/contract/problems';
import { ApiError } from './api-error';

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

export type NextHandler<Params> = (
  request: Request,
  context: { params: Promise<Params> },
) => Promise<Response>;

/**
 * Wraps a handler so that whatever it throws becomes problem+json and every answer carries its
 * request id.
 */
export function route<Params = unknown>(
  handler: (context: RouteContext<Params>) => Promise<Response> | Response,
): NextHandler<Params> {
  return async (request, { params }) => {
    const startedAtMs = performance.now();
    const requestId = uuidv7();
    let response: Response;
    try {
      response = await handler({ request, params: await params, requestId, startedAtMs });
    } catch (error) {
      response = problemResponse(error, { request, requestId });
    }
    response.headers.set('X-Request-Id', requestId);
    return response;
  };
}

/** Handlers that answer 405 for every method but the ones named. */
export function otherMethods(...allowed: Method[]): Record<Method, NextHandler<unknown>> {
  const offered = allowed.includes('GET') ? [...allowed, 'HEAD'] : allowed;
  const handler = route(({ request }) => {
    throw new ApiError(
      'method-not-allowed',
      `This address answers ${offered.join(' and ')} only.`,
      {
        expected: offered.join(', '),
        received: request.method,
        headers: { Allow: [...offered, 'OPTIONS'].join(', ') },
      },
    );
  });
  return Object.fromEntries(METHODS.map((method) => [method, handler])) as Record<
    Method,
    NextHandler<unknown>
  >;
}

/** Whatever was thrown, as problem+json. */
export function problemResponse(
  error: unknown,
  { request, requestId }: Pick<RouteContext<unknown>, 'request' | 'requestId'>,
): Response {
  const apiError = ApiError.is(error) ? error : unplanned(error, request, requestId);
  return Response.json(apiError.toProblem(new URL(request.url).pathname), {
    status: apiError.status,
    headers: {
      'Content-Type': PROBLEM_CONTENT_TYPE,
      'Cache-Control': 'no-store',
      ...apiError.headers,
    },
  });
}

/** An error nobody planned for: the log gets all of it, the client only where to find it. */
function unplanned(error: unknown, request: Request, requestId: string): ApiError {
  // Nobody reads this answer, and nothing is wrong here.
  if (request.signal.aborted) return new ApiError('invalid-request', 'The client hung up.');
  console.error(`request ${requestId} failed:`, error);
  return new ApiError(
    'internal-error',
    `Something went wrong here; the log names it by request id ${requestId}.`,
  );
}
