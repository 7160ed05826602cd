/** Handles the end of a session, if ACCESS is `keys`. */
import { SIGN_IN_PATH, signInPath } from '@/lib/shared/contract/sign-in';
import { onKeyRequired } from './client/key-required';

/**
 * When the session has ended, sends the visitor to the sign-in form, and from there back to this
 * page. The service worker shows cached pages without a session, too.
 *
 * @returns a function that stops it
 */
export function keepSession(): () => void {
  return onKeyRequired(() => {
    const { pathname, search, hash } = location;
    if (pathname === SIGN_IN_PATH) return;
    location.replace(signInPath(pathname + search + hash, 'ended'));
  });
}

/**
 * Whether this server has the sign-in form. If the server is open to all, the form's address
 * redirects to the first page.
 *
 * @throws TypeError if the server cannot be reached
 */
export async function hasSignIn(signal: AbortSignal): Promise<boolean> {
  const response = await fetch(SIGN_IN_PATH, { method: 'HEAD', redirect: 'manual', signal });
  return response.ok;
}
