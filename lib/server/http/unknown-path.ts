import { ApiError } from './api-error';
import { problemDetails, type ErrorFormat } from './error-format';
import { route, type NextHandler } from './route';

/** What no other route answers, so that programs get an error of their protocol and never a page. */
export function unknownPath(format: ErrorFormat = problemDetails): NextHandler<unknown> {
  return route(
    'unknown',
    ({ request }) => {
      const { pathname } = new URL(request.url);
      throw new ApiError('not-found', `There is nothing at ${pathname}.`, { received: pathname });
    },
    format,
  );
}
