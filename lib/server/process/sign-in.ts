/** Answers the form at /sign-in, which exchanges a key for a cookie. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  signInPath,
  SIGN_IN_PATH,
  SIGN_OUT_PATH,
  type SignInReason,
} from '@/lib/shared/contract/sign-in';
import { ApiError } from '../http/api-error';
import { log } from '../log';
import type { Identities } from '../quota/identities';
import { issueSession } from '../quota/keys/sessions';
import { isOverHttps, noSessionCookie, sessionCookie } from '../quota/session-cookie';
import type { Settings } from '../settings';
import { pathOf } from './gate';
import { isFromHere } from './own-origin';
import { redirect } from './redirect';
import { refuse } from './refuse';
import { toHeaders } from './to-headers';

const MAX_FORM_BYTES = 8 * 1024;
const FORM_TIMEOUT_MS = 10_000;

/** A second slash or a backslash after the first would make it an address of another host. */
const OWN_PATH = /^\/(?![/\\])[\x21-\x7e]*$/;

type ReadHeaders = Pick<Headers, 'get'>;

export interface SignInOptions {
  readonly identities: Pick<Identities, 'identify'>;
  readonly settings: Pick<Settings, 'trustedProxies'>;
}

/** Whether a request is a submission of the form. */
export function isForm({ method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>): boolean {
  return method === 'POST' && [SIGN_IN_PATH, SIGN_OUT_PATH].includes(pathOf(url));
}

/** Redirects to the page that was wanted, signed in, or back to the form. */
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
    const isSecure = isOverHttps(toHeaders(request), options.settings.trustedProxies);
    redirect(request, response, SIGN_IN_PATH, { 'Set-Cookie': noSessionCookie(isSecure) });
  } catch (error) {
    // The client disconnected or was too slow: it does not read an answer.
    if (request.destroyed && !request.complete) return;
    if (!ApiError.is(error)) log.error({ err: error }, 'unplanned failure');
    const known = ApiError.is(error) ? error : new ApiError('internal-error', 'Something failed.');
    refuse(request, response, known, path);
  }
}

async function signIn(
  request: IncomingMessage,
  response: ServerResponse,
  { identities, settings }: SignInOptions,
): Promise<void> {
  const form = await readForm(request);
  const to = ownPath(form.get('to'));
  const again = (why: SignInReason) => redirect(request, response, signInPath(to, why));
  const key = form.get('key')?.trim() ?? '';
  if (key === '') return again('unknown');
  try {
    const { key: record } = await identities.identify(withKey(toHeaders(request), key));
    if (!record) return again('later');
    const nowMs = Date.now();
    const isSecure = isOverHttps(toHeaders(request), settings.trustedProxies);
    const cookie = sessionCookie(issueSession(record, nowMs), nowMs, isSecure);
    redirect(request, response, to, { 'Set-Cookie': cookie });
  } catch (error) {
    if (!ApiError.is(error)) throw error;
    again(error.status === 429 ? 'often' : 'unknown');
  }
}

/** Only the key of the form counts: otherwise an existing cookie would renew itself. */
function withKey(sent: ReadHeaders, key: string): ReadHeaders {
  const ofKey = new Map<string, string | null>([
    ['authorization', null],
    ['cookie', null],
    ['x-api-key', key],
  ]);
  return { get: (name) => (ofKey.has(name) ? (ofKey.get(name) ?? null) : sent.get(name)) };
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

/** The requested page, if it is on this server; else the first page. */
function ownPath(wanted: string | null): string {
  return wanted !== null && OWN_PATH.test(wanted) ? wanted : '/';
}
