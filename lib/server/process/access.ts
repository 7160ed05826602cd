/** Pages for who has a key, where ACCESS is `keys`: the others are led to the form at /sign-in. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '../http/api-error';
import type { Identities } from '../quota/identities';
import { pathOf } from './gate';
import { redirect } from './redirect';
import { refuse } from './refuse';
import { toHeaders } from './to-headers';

export const SIGN_IN_PATH = '/sign-in';

const isDevelopment = process.env.NODE_ENV === 'development';

/** What a browser needs before it is let in, and what says nothing of what is here. */
const OPEN = new Set([SIGN_IN_PATH, '/sw.js', '/manifest.webmanifest', '/icon.svg']);
/** Scripts and styles, which only the development server sends from here. */
const OPEN_WHILE_DEVELOPING = /^\/(_next|__nextjs\w*)\//;

/**
 * Answers whoever may not see a page.
 *
 * @returns whether the request is answered already
 */
export async function keepOut(
  request: IncomingMessage,
  response: ServerResponse,
  identities: Pick<Identities, 'assertAccess'>,
): Promise<boolean> {
  const { url = '/', headers } = request;
  const path = pathOf(url);
  if (OPEN.has(path) || (isDevelopment && OPEN_WHILE_DEVELOPING.test(path))) return false;
  try {
    await identities.assertAccess(toHeaders(request));
    return false;
  } catch (error) {
    if (!ApiError.is(error)) throw error;
    // The service worker would keep the form in the place of a page; Next's navigation asks anew.
    const isPage = (headers.accept ?? '').includes('text/html');
    if (error.status !== 401 || !isPage) refuse(response, error, path);
    else redirect(response, `${SIGN_IN_PATH}?to=${encodeURIComponent(url)}`);
    return true;
  }
}
