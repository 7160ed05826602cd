/**
 * Where ACCESS is `keys`, pages need a key too; a request without one is sent to the form at
 * /sign-in.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { signInPath, SIGN_IN_PATH } from '@/lib/shared/contract/sign-in';
import { ApiError } from '../http/api-error';
import type { Identities } from '../quota/identities';
import { pathOf } from './gate';
import { redirect } from './redirect';
import { refuse } from './refuse';
import { toHeaders } from './to-headers';

const isDevelopment = process.env.NODE_ENV === 'development';

/**
 * Paths that a browser needs before it has a session; they reveal nothing about models or pictures.
 */
const OPEN = new Set([
  SIGN_IN_PATH,
  '/sw.js',
  '/manifest.webmanifest',
  '/icon.svg',
  '/robots.txt',
  '/client.py',
]);
const OPEN_FOLDER = '/icons/';
/** Scripts and styles; only in development are they requested through Next. */
const OPEN_WHILE_DEVELOPING = /^\/(_next|__nextjs\w*)\//;

/**
 * Answers a request for a page that comes without a key.
 *
 * @returns whether the request is answered already
 */
export async function keepOut(
  request: IncomingMessage,
  response: ServerResponse,
  identities: Pick<Identities, 'assertAccess' | 'hasSession'>,
): Promise<boolean> {
  const { url = '/', headers } = request;
  const path = pathOf(url);
  if (isOpen(path)) return false;
  const sent = toHeaders(request);
  try {
    await identities.assertAccess(sent);
    return false;
  } catch (error) {
    if (!ApiError.is(error)) throw error;
    // Only navigations are redirected to the form: the service worker would store it in place of
    // the requested page.
    const isVisit = (headers.accept ?? '').includes('text/html');
    const why = identities.hasSession(sent) ? 'ended' : undefined;
    if (error.status === 401 && isVisit) redirect(request, response, signInPath(url, why));
    else refuse(request, response, error, path);
    return true;
  }
}

function isOpen(path: string): boolean {
  if (OPEN.has(path)) return true;
  // A path that leaves the folder (`..`) is not open.
  if (path.startsWith(OPEN_FOLDER)) return /^[\w-]+\.png$/.test(path.slice(OPEN_FOLDER.length));
  return isDevelopment && OPEN_WHILE_DEVELOPING.test(path);
}
