/**
 * What Next would answer with a bare 500, a redirect to the same place or a closed connection is
 * settled here, before Next sees it.
 */
import { Server, type IncomingMessage, type ServerResponse } from 'node:http';
import { PROBLEM_CONTENT_TYPE } from '@/lib/shared/contract/problems';
import { ApiError } from '../http/api-error';
import type { DirectAnswer } from './direct';
import { endLingering } from './linger';
import type { StaticFiles } from '../http/static-files';
import { makeRequestId } from '../http/request-id';

/** The server's as a whole: which of them a route has is for the route to say. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const ALLOW = METHODS.join(', ');
/** What programs ask; everything else is a page, which is only read. */
const API = /^\/(api|hf|v2)(\/|$)/;
const PAGE_METHODS = ['GET', 'HEAD', 'OPTIONS'];
/** With these Next takes a request for one of its own pages'; the API has none of that. */
const NEXT_OWN = /^(rsc|next-action|next-router-.*)$/;

/**
 * The path and query of a request target. RFC 9112 has servers take whole addresses too
 * (section 3.2.2), which name a host that is of no interest here.
 */
export function originForm(target: string): string {
  const [, rest] = /^https?:\/\/[^/?#]*(.*)$/i.exec(target) ?? [];
  if (rest === undefined) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** Why a request is not passed on, if it is not. */
export function refusal(method: string, target: string): ApiError | undefined {
  const path = pathOf(target);
  if (!METHODS.includes(method)) return notAllowed(method, METHODS);
  if (!API.test(path) && !PAGE_METHODS.includes(method)) return notAllowed(method, PAGE_METHODS);
  if (path.startsWith('/') && isDecodable(path)) return undefined;
  return new ApiError('invalid-request', 'The address cannot be read.', {
    expected: 'a path in which every % begins the escape of a UTF-8 character',
    received: path,
  });
}

function notAllowed(method: string, methods: readonly string[]): ApiError {
  const allow = methods.join(', ');
  return new ApiError('method-not-allowed', `Nothing here answers ${method}.`, {
    expected: allow,
    received: method,
    headers: { Allow: allow },
  });
}

function pathOf(target: string): string {
  return target.split(/[?#]/, 1)[0]!;
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

const PATCHED = Symbol.for('sightline.gate');

/**
 * On the prototype, because the server exists already when this is called.
 *
 * @param staticFiles answers what needs no more than a file; none while developing
 * @param direct answers what does not need Next; none while developing
 */
export function guardRequests(staticFiles?: StaticFiles, direct?: DirectAnswer): void {
  const prototype = Server.prototype as unknown as { [PATCHED]?: true; emit: Server['emit'] };
  if (prototype[PATCHED]) return;
  prototype[PATCHED] = true;
  const emit = prototype.emit as (this: Server, ...args: unknown[]) => boolean;
  prototype.emit = function (this: Server, ...args: unknown[]): boolean {
    if (args[0] === 'connection') ignoreUpgrades(this);
    if (args[0] === 'request') {
      const [, request, response] = args as [string, IncomingMessage, ServerResponse];
      if (settle(request, response)) return true;
      if (staticFiles?.(request, response) || direct?.(request, response)) return true;
    }
    return emit.apply(this, args);
  };
}

/**
 * While somebody listens for them, a request that offers another protocol is never answered in this
 * one; several HTTP clients offer HTTP/2 that way (h2c) with everything they send. Next's
 * development server has a use for WebSockets, its production server has none.
 */
function ignoreUpgrades(server: Server): void {
  if (process.env.NODE_ENV === 'production') server.removeAllListeners('upgrade');
}

/** @returns whether the request is answered already */
function settle(request: IncomingMessage, response: ServerResponse): boolean {
  endLingering(request, response);
  const { method = '', url = '' } = request;
  if (method === 'OPTIONS' && url === '*') {
    response.writeHead(204, { Allow: ALLOW, 'X-Request-Id': makeRequestId() }).end();
    return true;
  }
  request.url = originForm(url);
  if (API.test(pathOf(request.url))) dropNextsOwn(request.headers);
  const error = refusal(method, request.url);
  if (error) refuse(response, error, pathOf(request.url));
  return error !== undefined;
}

function dropNextsOwn(headers: IncomingMessage['headers']): void {
  for (const name of Object.keys(headers)) if (NEXT_OWN.test(name)) delete headers[name];
}

function refuse(response: ServerResponse, error: ApiError, instance: string): void {
  response
    .writeHead(error.status, {
      'Content-Type': PROBLEM_CONTENT_TYPE,
      'Cache-Control': 'no-store',
      'X-Request-Id': makeRequestId(),
      ...error.headers,
    })
    .end(JSON.stringify(error.toProblem(instance)));
}
