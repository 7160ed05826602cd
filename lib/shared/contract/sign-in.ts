/** Address of the form where a visitor exchanges a key for a session, if ACCESS is `keys`. */
export const SIGN_IN_PATH = '/sign-in';
export const SIGN_OUT_PATH = '/sign-out';
export const SESSION_COOKIE = 'sightline-session';
/**
 * The cookie's name over HTTPS. Browsers accept the prefix `__Host-` only from this exact host, so
 * a sibling subdomain cannot set the cookie.
 */
export const HOST_SESSION_COOKIE = `__Host-${SESSION_COOKIE}` as const;

/** Why the form asks for a key again. */
export type SignInReason = 'unknown' | 'often' | 'later' | 'ended';

/** @param to path, query and fragment of the requested page, on this origin */
export function signInPath(to: string, reason?: SignInReason): string {
  const refused = reason === undefined ? '' : `&refused=${reason}`;
  return `${SIGN_IN_PATH}?to=${encodeURIComponent(to)}${refused}`;
}
