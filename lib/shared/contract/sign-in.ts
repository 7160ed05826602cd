/** The form at which a visitor exchanges a key for a session, where ACCESS is `keys`. */
export const SIGN_IN_PATH = '/sign-in';
export const SIGN_OUT_PATH = '/sign-out';
export const SESSION_COOKIE = 'sightline-session';
/** Over HTTPS: browsers take a name that begins so from this very host only, and no sibling of it. */
export const HOST_SESSION_COOKIE = `__Host-${SESSION_COOKIE}` as const;

/** Why somebody is asked for a key again. */
export type SignInReason = 'unknown' | 'often' | 'later' | 'ended';

/** @param to path, query and fragment of the page that was asked for, on this origin */
export function signInPath(to: string, reason?: SignInReason): string {
  const refused = reason === undefined ? '' : `&refused=${reason}`;
  return `${SIGN_IN_PATH}?to=${encodeURIComponent(to)}${refused}`;
}
