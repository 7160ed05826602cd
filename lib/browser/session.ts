/** What a page does about its session, where ACCESS is `keys`. */
import { SIGN_IN_PATH, signInPath } from '@/lib/shared/contract/sign-in';
import { onKeyRequired } from './client/key-required';

/**
 * Sends the visitor to the form when the session has ended, and from there back to this page: a page
 * that the service worker has stored is shown without a session too.
 *
 * @returns how to stop
 */
export function keepSession(): () => void {
  return onKeyRequired(() => {
    const { pathname, search, hash } = location;
    if (pathname === SIGN_IN_PATH) return;
    location.replace(signInPath(pathname + search + hash, 'ended'));
  });
}

/**
 * Whether this server has the form: where anybody may ask, its address leads to the first page.
 *
 * @throws TypeError if the server cannot be reached
 */
export async function hasSignIn(signal: AbortSignal): Promise<boolean> {
  const response = await fetch(SIGN_IN_PATH, { method: 'HEAD', redirect: 'manual', signal });
  return response.ok;
}
