/** The cookie in which a browser has its session, where ACCESS is `keys`. */
import { formatSession, type Session } from './keys/sessions';

export const SESSION_COOKIE = 'sightline-session';

/** The session's token out of a Cookie header; undefined where there is none. */
export function sessionToken(headers: Pick<Headers, 'get'>): string | undefined {
  const pairs = (headers.get('cookie') ?? '').split(';');
  const pair = pairs.find((each) => each.trim().startsWith(`${SESSION_COOKIE}=`));
  return pair?.trim().slice(SESSION_COOKIE.length + 1);
}

/**
 * A Set-Cookie value. No script reads it, and no other site's form or fetch brings it along.
 *
 * @param isSecure whether the browser is to send it over HTTPS alone
 */
export function sessionCookie(session: Session, nowMs: number, isSecure: boolean): string {
  const maxAge = session.expiresAtSeconds - Math.floor(nowMs / 1000);
  return setCookie(formatSession(session), maxAge, isSecure);
}

/** A Set-Cookie value that takes it away. */
export function noSessionCookie(isSecure: boolean): string {
  return setCookie('', 0, isSecure);
}

function setCookie(value: string, maxAge: number, isSecure: boolean): string {
  const attributes = ['HttpOnly', 'SameSite=Lax', 'Path=/', `Max-Age=${maxAge}`];
  return [`${SESSION_COOKIE}=${value}`, ...attributes, ...(isSecure ? ['Secure'] : [])].join('; ');
}
