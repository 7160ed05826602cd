import { type After } from '../api/answer';
import { createApi, type Api } from '../api/app';
import { ApiError } from '../http/api-error';
import type { ApiRequest } from '../http/api-request';
import { log } from '../log';
import { withLastHop } from '../quota/address';
import { readSettings } from '../settings';
import { refusalResponse } from './refuse';
import { createRuntime } from './runtime';

type RouteHandler = (request: Request) => Promise<Response>;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

// The only thing of ours on globalThis: Next bundles each route handler with a copy of everything,
// and a platform may run several in one process, which has memory for one runtime.
const API_KEY = Symbol.for('sightline.api');
type ApiHolder = { [API_KEY]?: Promise<Api> };

/** The API of this process. The first caller starts it; a failed start is tried again. */
function sharedApi(): Promise<Api> {
  const holder = globalThis as ApiHolder;
  return (holder[API_KEY] ??= startApi().catch((error: unknown) => {
    delete holder[API_KEY];
    throw error;
  }));
}

async function startApi(): Promise<Api> {
  const settings = readSettings(process.env);
  if (settings.trustedProxies < 1) {
    throw new Error(
      'TRUSTED_PROXIES=0: expected at least 1, because route handlers see no socket: the proxy in front must name the client',
    );
  }
  if (settings.access === 'keys') {
    throw new Error(
      'ACCESS=keys: expected public, because pages of a function platform are not sent by this server; its own protection closes both',
    );
  }
  const runtime = await createRuntime(settings);
  return createApi(runtime);
}

/**
 * The API as Next's route handlers, for function platforms.
 *
 * @param after Next's `after`, which makes each platform wait
 */
export function routeHandlers(after: After): Record<(typeof METHODS)[number], RouteHandler> {
  const handle: RouteHandler = async (request) => {
    try {
      const api = await sharedApi();
      return await api.fetch(request, { after, request: toApiRequest(request) });
    } catch (error) {
      log.error({ err: error }, 'cannot start');
      const refusal = new ApiError('not-ready', 'The server cannot start; its log says why.', {
        headers: { 'Retry-After': '5' },
      });
      return refusalResponse(refusal, new URL(request.url).pathname);
    }
  };
  return Object.fromEntries(METHODS.map((method) => [method, handle])) as ReturnType<
    typeof routeHandlers
  >;
}

/** The last hop is the platform, whose address is unknown. */
function toApiRequest(request: Request): ApiRequest {
  const { method, url, signal, body, headers } = request;
  return { method, url, signal, body, headers: withLastHop(headers, 'platform') };
}
