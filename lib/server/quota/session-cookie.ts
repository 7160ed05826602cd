/** The cookie that holds a browser's session, where ACCESS is `keys`. */
import { SESSION_COOKIE } from '@/lib/shared/contract/sign-in';
import { formatSession, type Session } from './keys/sessions';

/** The session's token in a Cookie header; undefined where there is none. */
export function sessionToken(headers: Pick<Headers, 'get'>): string | undefined {
  const pairs = (headers.get('cookie') ?? '').split(';');
  const pair = pairs.find((each) => each.trim().startsWith(`${SESSION_COOKIE}=`));
  return pair?.trim().slice(SESSION_COOKIE.length + 1);
}

/**
 * A Set-Cookie value. Scripts cannot read the cookie, and forms and fetches of other sites do not
 * send it.
 *
 * @param isSecure whether the browser may send it over HTTPS only
 */
export function sessionCookie(session: Session, nowMs: number, isSecure: boolean): string {
  const maxAge = session.expiresAtSeconds - Math.floor(nowMs / 1000);
  return setCookie(formatSession(session), maxAge, isSecure);
}

/** A Set-Cookie value that deletes the cookie. */
export function noSessionCookie(isSecure: boolean): string {
  return setCookie('', 0, isSecure);
}

function setCookie(value: string, maxAge: number, isSecure: boolean): string {
  const attributes = ['HttpOnly', 'SameSite=Lax', 'Path=/', `Max-Age=${maxAge}`];
  return [`${SESSION_COOKIE}=${value}`, ...attributes, ...(isSecure ? ['Secure'] : [])].join('; ');
}
