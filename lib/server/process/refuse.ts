import type { ServerResponse } from 'node:http';
import { PROBLEM_CONTENT_TYPE } from '@/lib/shared/contract/problems';
import type { ApiError } from '../http/api-error';
import { HARDENING } from '../http/page-headers';
import { makeRequestId } from '../http/request-id';

/** Answers a request that no route sees. */
export function refuse(response: ServerResponse, error: ApiError, instance: string): void {
  response
    .writeHead(error.status, { ...HARDENING, ...refusalHeaders(error) })
    .end(JSON.stringify(error.toProblem(instance)));
}

/** The same where there is no server of ours. */
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
