/** The cookie that holds a browser's session, where ACCESS is `keys`. */
import { HOST_SESSION_COOKIE, SESSION_COOKIE } from '@/lib/shared/contract/sign-in';
import { formatSession, type Session } from './keys/sessions';

/** Whether the browser used HTTPS, as the proxy in front says where one is trusted. */
export function isOverHttps(headers: Pick<Headers, 'get'>, trustedProxies: number): boolean {
  // The outermost of several proxies is named first.
  const outermost = headers.get('x-forwarded-proto')?.split(',', 1)[0];
  return trustedProxies > 0 && outermost?.trim() === 'https';
}

/** The session's token in a Cookie header; undefined where there is none. */
export function sessionToken(
  headers: Pick<Headers, 'get'>,
  trustedProxies: number,
): string | undefined {
  // Over HTTPS a cookie of the plain name may be another host's, who signs visitors in as somebody.
  const name = nameOf(isOverHttps(headers, trustedProxies));
  const pairs = (headers.get('cookie') ?? '').split(';');
  const pair = pairs.find((each) => each.trim().startsWith(`${name}=`));
  return pair?.trim().slice(name.length + 1);
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
  return [`${nameOf(isSecure)}=${value}`, ...attributes, ...(isSecure ? ['Secure'] : [])].join(
    '; ',
  );
}

function nameOf(cookieIsSecure: boolean): string {
  return cookieIsSecure ? HOST_SESSION_COOKIE : SESSION_COOKIE;
}
