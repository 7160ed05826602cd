import { Hono } from 'hono';
import { ApiError } from '../http/api-error';
import { optionsResponse } from '../http/cors';
import { problemDetails, type ErrorFormat } from '../http/error-format';
import { answer, type Answering, type Bindings } from './answer';
import { OWNER } from './hugging-face/hub';
import { refuseUnknownQuery } from './known-query';
import { limited } from './limited';
import { oipErrors } from './open-inference/errors';
import { unsupportedAt } from './open-inference/unsupported';
import type { Route } from './route';
import { ROUTES } from './routes';
import type { Runtime } from './runtime';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

export type Api = Hono<{ Bindings: Bindings }>;

/**
 * The API, to be mounted by our own server and by Next's route handlers. Each address answers
 * OPTIONS, each GET also HEAD, and any other method 405; what is at no address here is 404.
 */
export function createApi(runtime: Runtime, routes: readonly Route[] = ROUTES): Api {
  const api: Api = new Hono();
  for (const path of new Set(routes.map(({ path }) => path))) {
    const own = routes.filter((route) => route.path === path);
    const addresses = addressesOf(path);
    const format = formatOf(path);
    for (const route of own)
      api.on(methodOf(route), addresses, answerRoute(route, runtime, format));
    const methods = own.map(methodOf);
    const answered = methods.includes('GET') ? [...methods, 'HEAD'] : methods;
    const refused = METHODS.filter((method) => !methods.includes(method));
    api.on(refused, addresses, refuseMethod(answered, runtime, format));
    api.on('OPTIONS', addresses, answerOptions(answered, runtime));
  }
  const unknown = unknownPath(runtime, problemDetails);
  const unknownToProtocol = unknownPath(runtime, oipErrors);
  api.notFound((context) =>
    formatOf(context.req.path) === oipErrors ? unknownToProtocol(context) : unknown(context),
  );
  return api;
}

/** Under /hf a model's id can have its owner before it, as on the hub. */
function addressesOf(path: string): string[] {
  const owned = path.startsWith('/hf/') && path.includes('{id}');
  return [path, ...(owned ? [path.replace('{id}', `${OWNER}/{id}`)] : [])].map(honoPath);
}

/**
 * `/hf/{id}/resolve/{revision}/{path}` as Hono writes it; `{path}` may have slashes. A verb after a
 * parameter, as in `/v1/models/{id}:predict`, becomes the end of the parameter's value.
 */
function honoPath(path: string): string {
  return path
    .replaceAll('{path}', ':path{.+}')
    .replaceAll(/\{(\w+)\}(:\w+)/g, ':$1{[^/]+$2}')
    .replaceAll(/\{(\w+)\}/g, ':$1');
}

function methodOf({ method }: Route): string {
  return method.toUpperCase();
}

function formatOf(path: string): ErrorFormat {
  return /^\/v[12](\/|$)/.test(path) ? oipErrors : problemDetails;
}

function answerRoute(route: Route, runtime: Runtime, format: ErrorFormat) {
  const handler = route.isOpen
    ? answering(route, runtime, format)
    : closed(answering(route, runtime, format), runtime);
  return answer(route.name, runtime, handler, format);
}

function answering(route: Route, runtime: Runtime, format: ErrorFormat): Answering {
  if (route.policy) {
    const handler: typeof route.handler = (context, given) => {
      refuseUnknownQuery(route, context.request);
      return route.handler(context, given);
    };
    return limited({ ...route, handler }, runtime, format);
  }
  return (context) => {
    refuseUnknownQuery(route, context.request);
    return route.handler(context, runtime);
  };
}

/** If ACCESS is `keys`, only requests with a key are answered. */
function closed(handler: Answering, { identities, settings }: Runtime): Answering {
  if (settings.access === 'public') return handler;
  return async (context, mount) => {
    await identities.assertAccess(context.request.headers);
    return handler(context, mount);
  };
}

function refuseMethod(answered: readonly string[], runtime: Runtime, format: ErrorFormat) {
  const refuse = ({ request }: { request: { method: string } }) => {
    throw new ApiError(
      'method-not-allowed',
      `This address answers ${answered.join(' and ')} only.`,
      {
        expected: answered.join(', '),
        received: request.method,
        headers: { Allow: [...answered, 'OPTIONS'].join(', ') },
      },
    );
  };
  return answer('method-not-allowed', runtime, refuse, format);
}

function answerOptions(answered: readonly string[], runtime: Runtime) {
  const offered = [...answered, 'OPTIONS'];
  return answer('options', runtime, ({ request }) =>
    optionsResponse(request, offered, runtime.settings.corsOrigins),
  );
}

/** Answers unknown addresses, so that programs get an error of their protocol and never a page. */
function unknownPath(runtime: Runtime, format: ErrorFormat) {
  const refuse = ({ request }: { request: { url: string } }) => {
    const { pathname } = new URL(request.url);
    const extension = unsupportedAt(pathname);
    if (extension !== undefined) throw extension;
    throw new ApiError('not-found', `There is nothing at ${pathname}.`, { received: pathname });
  };
  return answer('unknown', runtime, refuse, format);
}
