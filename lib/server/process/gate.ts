/**
 * Answers requests that Next would answer with a bare 500, a redirect to the same address or a
 * closed connection.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '../http/api-error';
import { nameOf, refuse } from './refuse';

/** Methods of the server as a whole; each route has some of them. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const ALLOW = METHODS.join(', ');
/** Addresses of the API; everything else is a page or a file, for GET and HEAD only. */
const API = /^\/(api|hf|v1|v2)(\/|$)/;
const PAGE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * The path and query of a request target, which has no fragment. RFC 9112 (section 3.2.2) has
 * servers take whole addresses too; the host in them is of no interest here.
 */
export function originForm(target: string): string {
  const [withoutFragment = ''] = target.split('#', 1);
  const [, rest] = /^https?:\/\/[^/?#]*(.*)$/i.exec(withoutFragment) ?? [];
  if (rest === undefined) return withoutFragment;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** The error if a request is refused; undefined if it is passed on. */
export function refusal(method: string, target: string): ApiError | undefined {
  const path = pathOf(target);
  if (!METHODS.includes(method)) return notAllowed(method, METHODS);
  if (!API.test(path) && !PAGE_METHODS.includes(method)) return notAllowed(method, PAGE_METHODS);
  if (path.startsWith('/') && isDecodable(path) && !(API.test(path) && path.includes('\\'))) {
    return undefined;
  }
  return new ApiError('invalid-request', 'The address cannot be read.', {
    expected: 'a path without \\, in which every % begins the escape of a UTF-8 character',
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

/** The path of a request target, without query and fragment. */
export function pathOf(target: string): string {
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

/**
 * Answers requests that no route and no page should see.
 *
 * @returns whether the request is answered already
 */
export function answerAtGate(request: IncomingMessage, response: ServerResponse): boolean {
  const { method = '', url = '' } = request;
  if (method === 'OPTIONS' && url === '*') {
    response.writeHead(204, { Allow: ALLOW, 'X-Request-Id': nameOf(request) }).end();
    return true;
  }
  request.url = originForm(url);
  const path = pathOf(request.url);
  const error = refusal(method, request.url);
  if (error) refuse(request, response, error, path);
  else if (isApi(path) && path.length > 1 && path.endsWith('/')) redirect(request, response);
  else return false;
  return true;
}

/** Redirects to the address without the slash at its end, as Next does for pages. */
function redirect(request: IncomingMessage, response: ServerResponse): void {
  const location = request.url!.replace(/\/+(?=[?#]|$)/, '');
  const headers = { Location: location, 'X-Request-Id': nameOf(request) };
  response.writeHead(308, headers).end(location);
}

/** Whether the path belongs to the API; everything else is a page or a file. */
export function isApi(path: string): boolean {
  return API.test(path);
}
