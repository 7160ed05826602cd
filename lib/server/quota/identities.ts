import { ApiError } from '../http/api-error';
import { getMetrics } from '../metrics/metrics';
import type { Settings } from '../settings';
import { LocalQuotas } from '../store/local-quotas';
import type { KeyRecord, QuotaState } from '../store/port';
import { clientAddress } from './address';
import type { ApiKeys, KeyVerdict } from './keys/api-keys';
import { secondsUntil } from './seconds-until';
import { sessionToken } from './session-cookie';

/** The identity of a client: a key, or an address. */
export interface Identity {
  readonly name: string;
  readonly key?: KeyRecord;
}

type ReadHeaders = Pick<Headers, 'get'>;

/** Wrong keys from one address in a minute before it gets 429. */
const WRONG_KEYS_PER_MINUTE = 30;
const MINUTE_MS = 60_000;

/** Identifies clients by the key in the request, the session cookie, or the address. */
export class Identities {
  readonly #settings: Pick<Settings, 'trustedProxies' | 'access'>;
  readonly #keys: ApiKeys;
  readonly #wrongKeys = new LocalQuotas();

  constructor(settings: Pick<Settings, 'trustedProxies' | 'access'>, keys: ApiKeys) {
    this.#settings = settings;
    this.#keys = keys;
  }

  /** @throws ApiError `unknown-key` for a key that is wrong, revoked or expired */
  async identify(headers: ReadHeaders): Promise<Identity> {
    const verdict = await this.#verify(headers);
    // The store cannot verify the key now: the request uses the quota of its address.
    if (typeof verdict === 'string') return { name: this.#addressOf(headers) };
    return { name: `key:${verdict.id}`, key: verdict };
  }

  /**
   * Checks that a request has a valid key or session; used if ACCESS is `keys`.
   *
   * @throws ApiError `key-required`, `unknown-key`, or `not-ready` while keys cannot be looked up
   */
  async assertAccess(headers: ReadHeaders): Promise<void> {
    if (this.#settings.access === 'public') return;
    const verdict = await this.#verify(headers);
    if (verdict === 'unsure') throw notNow();
    if (verdict === 'unknown') throw keyRequired();
  }

  /** `unknown` if the request has neither a key nor a session. */
  #verify(headers: ReadHeaders): Promise<KeyVerdict> | 'unknown' {
    const given = keyOf(headers);
    if (given !== undefined) return this.#verifyKey(given, this.#addressOf(headers));
    const token = this.#settings.access === 'keys' ? this.#sessionToken(headers) : undefined;
    return token === undefined ? 'unknown' : this.#keys.verifySession(token);
  }

  /** Whether a browser sends a session's cookie, valid or not. */
  hasSession(headers: ReadHeaders): boolean {
    return this.#sessionToken(headers) !== undefined;
  }

  #sessionToken(headers: ReadHeaders): string | undefined {
    return sessionToken(headers, this.#settings.trustedProxies);
  }

  #addressOf(headers: ReadHeaders): string {
    return `ip:${clientAddress(headers, this.#settings.trustedProxies)}`;
  }

  async #verifyKey(given: string, address: string): Promise<Exclude<KeyVerdict, 'unknown'>> {
    this.#assertFewWrongKeys(address, given);
    const verdict = await this.#keys.verify(given);
    if (verdict !== 'unknown') return verdict;
    this.#countWrongKeys(address, 1);
    throw unknownKey();
  }

  /** A key that was valid recently is not refused because of wrong keys from its address. */
  #assertFewWrongKeys(identity: string, key: string): void {
    const { remaining, limit, resetAtMs } = this.#countWrongKeys(identity, 0);
    if (remaining > 0 || this.#keys.isKnown(key)) return;
    getMetrics().countLimited('unknown-key');
    throw new ApiError('quota-exceeded', 'Too many wrong keys came from this address.', {
      expected: `at most ${limit} wrong keys a minute`,
      headers: { 'Retry-After': String(secondsUntil(resetAtMs)) },
    });
  }

  #countWrongKeys(identity: string, cost: number): QuotaState {
    return this.#wrongKeys.take({
      policy: 'unknown-key',
      identity,
      limit: WRONG_KEYS_PER_MINUTE,
      windowMs: MINUTE_MS,
      cost,
    });
  }
}

/** The key in a request, valid or not. */
function keyOf(headers: ReadHeaders): string | undefined {
  const bearer = /^Bearer\s+(.+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  return bearer?.trim() ?? headers.get('x-api-key')?.trim();
}

const CHALLENGE = { 'WWW-Authenticate': 'Bearer' };

function unknownKey(): ApiError {
  return new ApiError('unknown-key', 'This key is not known here, or not any more.', {
    expected: 'a key as it was shown when it was made, or none',
    headers: CHALLENGE,
  });
}

function keyRequired(): ApiError {
  return new ApiError('key-required', 'This server answers only requests with a key.', {
    expected:
      'Authorization: Bearer <key>, x-api-key: <key>, or in a browser to sign in at /sign-in',
    headers: CHALLENGE,
  });
}

function notNow(): ApiError {
  return new ApiError('not-ready', 'Keys cannot be looked up at the moment.', {
    headers: { 'Retry-After': '5' },
  });
}
