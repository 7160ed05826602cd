import type { IncomingMessage, ServerResponse } from 'node:http';
import { PROBLEM_CONTENT_TYPE } from '@/lib/shared/contract/problems';
import type { ApiError } from '../http/api-error';
import { HARDENING } from '../http/page-headers';
import { makeRequestId, requestIdOf } from '../http/request-id';

/** Answers a request that no route handles. */
export function refuse(
  request: Pick<IncomingMessage, 'headers'>,
  response: ServerResponse,
  error: ApiError,
  instance: string,
): void {
  const headers = { ...HARDENING, ...refusalHeaders(error), 'X-Request-Id': nameOf(request) };
  response.writeHead(error.status, headers).end(JSON.stringify(error.toProblem(instance)));
}

/** The client's request id, or a new one. */
export function nameOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const get = (name: string) => headers[name]?.toString() ?? null;
  return requestIdOf({ get }) ?? makeRequestId();
}

/** The same for Next's route handlers. */
export function refusalResponse(error: ApiError, instance: string): Response {
  const body = JSON.stringify(error.toProblem(instance));
  return new Response(body, { status: error.status, headers: refusalHeaders(error) });
}

function refusalHeaders(error: ApiError): Record<string, string> {
  return {
    'Content-Type': PROBLEM_CONTENT_TYPE,
    'Cache-Control': 'no-store',
    'X-Request-Id': makeRequestId(),
    ...error.headers,
  };
}
