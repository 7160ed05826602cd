/** What the form at /sign-in sends: a key, for a cookie that stands for it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '../http/api-error';
import { log } from '../log';
import type { Identities } from '../quota/identities';
import { issueSession } from '../quota/keys/sessions';
import { noSessionCookie, sessionCookie } from '../quota/session-cookie';
import type { Settings } from '../settings';
import { SIGN_IN_PATH } from './access';
import { pathOf } from './gate';
import { isFromHere } from './own-origin';
import { redirect } from './redirect';
import { refuse } from './refuse';
import { toHeaders } from './to-headers';

const SIGN_OUT_PATH = '/sign-out';
const MAX_FORM_BYTES = 8 * 1024;
const FORM_TIMEOUT_MS = 10_000;

/** A second slash at the beginning would be another host's address. */
const OWN_PATH = /^\/(?![/\\])[\x21-\x7e]*$/;

export interface SignInOptions {
  readonly identities: Pick<Identities, 'identify'>;
  readonly settings: Pick<Settings, 'trustedProxies'>;
}

/** Whether a request is the form's, and not for a page. */
export function isForm({ method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>): boolean {
  return method === 'POST' && [SIGN_IN_PATH, SIGN_OUT_PATH].includes(pathOf(url));
}

/** Answers the form with where to go next, signed in, signed out, or to try again. */
export async function answerForm(
  request: IncomingMessage,
  response: ServerResponse,
  options: SignInOptions,
): Promise<void> {
  const path = pathOf(request.url ?? '');
  try {
    if (!isFromHere(request)) {
      throw new ApiError('invalid-request', 'This form is for pages of this server.');
    }
    if (path === SIGN_IN_PATH) return await signIn(request, response, options);
    const isSecure = isOverHttps(request, options.settings);
    redirect(response, SIGN_IN_PATH, { 'Set-Cookie': noSessionCookie(isSecure) });
  } catch (error) {
    if (!ApiError.is(error)) log.error({ err: error }, 'unplanned failure');
    refuse(
      response,
      ApiError.is(error) ? error : new ApiError('internal-error', 'Something went wrong here.'),
      path,
    );
  }
}

async function signIn(
  request: IncomingMessage,
  response: ServerResponse,
  { identities, settings }: SignInOptions,
): Promise<void> {
  const form = await readForm(request);
  const to = ownPath(form.get('to'));
  const again = (why: string) =>
    redirect(response, `${SIGN_IN_PATH}?to=${encodeURIComponent(to)}&refused=${why}`);
  const { get } = toHeaders(request);
  const key = form.get('key')?.trim() ?? '';
  const withKey = (name: string) => (name === 'authorization' ? `Bearer ${key}` : get(name));
  try {
    const { key: record } = await identities.identify({ get: withKey });
    if (!record) return again(key === '' ? 'unknown' : 'later');
    const nowMs = Date.now();
    const isSecure = isOverHttps(request, settings);
    const cookie = sessionCookie(issueSession(record, nowMs), nowMs, isSecure);
    redirect(response, to, { 'Set-Cookie': cookie });
  } catch (error) {
    if (!ApiError.is(error)) throw error;
    again(error.status === 429 ? 'often' : 'unknown');
  }
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const timer = setTimeout(() => request.destroy(), FORM_TIMEOUT_MS);
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes > MAX_FORM_BYTES) {
        const expected = `at most ${MAX_FORM_BYTES} bytes`;
        throw new ApiError('too-large', 'No key is as long as that.', { expected });
      }
      chunks.push(chunk as Buffer);
    }
  } finally {
    clearTimeout(timer);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

/** Where somebody wanted to go, if that is on this server; else its first page. */
function ownPath(wanted: string | null): string {
  return wanted !== null && OWN_PATH.test(wanted) ? wanted : '/';
}

/** As the proxy in front says, where there is one to be believed. */
function isOverHttps(
  { headers }: IncomingMessage,
  { trustedProxies }: Pick<Settings, 'trustedProxies'>,
): boolean {
  return trustedProxies > 0 && headers['x-forwarded-proto'] === 'https';
}
