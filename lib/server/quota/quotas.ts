import { ApiError } from '../http/api-error';
import type { ApiKeys } from './keys/api-keys';
import { getMetrics } from '../metrics/metrics';
import type { PolicyName, Settings } from '../settings';
import type { StoreGuard } from '../store/guard';
import { LocalQuotas } from '../store/local-quotas';
import type { KeyRecord, QuotaRequest, QuotaState } from '../store/port';
import { clientAddress } from './address';
import { POLICIES } from './policies';

/** Who asks: a key, or an address. */
export interface Identity {
  readonly name: string;
  readonly key?: KeyRecord;
}

/** One request's leave to be answered. */
export interface Grant {
  /** `RateLimit-Policy` and `RateLimit`; none where the policy is switched off. */
  headers(): Record<string, string>;
  /** Gives it back, after which the headers say so. */
  refund(): Promise<void>;
}

const UNLIMITED: Grant = { headers: () => ({}), refund: () => Promise.resolve() };

/** Counts what each identity takes, in the store, or here while the store is away. */
export class Quotas {
  readonly #settings: Pick<Settings, 'perMinute' | 'trustedProxies'>;
  readonly #guard: StoreGuard;
  readonly #keys: ApiKeys;
  readonly #local = new LocalQuotas();

  constructor(
    settings: Pick<Settings, 'perMinute' | 'trustedProxies'>,
    guard: StoreGuard,
    keys: ApiKeys,
  ) {
    this.#settings = settings;
    this.#guard = guard;
    this.#keys = keys;
  }

  /**
   * Takes one of a policy's quota.
   *
   * @throws ApiError `unknown-key`, or `quota-exceeded` with the headers that say until when
   */
  async take(policyName: PolicyName, headers: Headers): Promise<Grant> {
    const identity = await this.identify(headers);
    const policy = POLICIES[policyName];
    const general = this.#settings.perMinute[policyName];
    const limit = (identity.key && policy.ownLimit(identity.key)) ?? general;
    if (limit === 0) return UNLIMITED;
    const request = {
      policy: policyName,
      identity: identity.name,
      limit,
      windowMs: policy.windowMs,
    };
    let state = await this.#count({ ...request, cost: 1 });
    const describe = () => rateLimitHeaders(policyName, policy.windowMs, state);
    if (!state.allowed) {
      getMetrics().countLimited(policyName);
      throw exceeded(policyName, state, describe());
    }
    return {
      headers: describe,
      refund: async () => {
        state = await this.#count({ ...request, cost: -1 });
      },
    };
  }

  /** @throws ApiError `unknown-key` for a key that is wrong, revoked or expired */
  async identify(headers: Headers): Promise<Identity> {
    const bearer = /^Bearer\s+(.+)$/i.exec(headers.get('authorization') ?? '')?.[1];
    const given = bearer?.trim() ?? headers.get('x-api-key')?.trim();
    const address = { name: `ip:${clientAddress(headers, this.#settings.trustedProxies)}` };
    if (given === undefined) return address;
    const verdict = await this.#keys.verify(given);
    if (verdict === 'unknown') throw unknownKey();
    // Nobody can say now whether it is one: it gets what anybody gets, and no more.
    return verdict === 'unsure' ? address : { name: `key:${verdict.id}`, key: verdict };
  }

  async #count(request: QuotaRequest): Promise<QuotaState> {
    // Counted here too, so that an outage begins with what this process has granted already.
    const local = this.#local.take(request);
    if (this.#guard.store.kind === 'embedded') return local;
    try {
      const shared = await this.#guard.run((store) => store.takeQuota(request));
      // The store has not heard of what was granted while it was away.
      return local.remaining < shared.remaining || !local.allowed ? local : shared;
    } catch {
      return local;
    }
  }
}

/** Fields of draft-ietf-httpapi-ratelimit-headers-11; `t` in whole seconds, never 0 before the end. */
function rateLimitHeaders(
  policy: PolicyName,
  windowMs: number,
  { limit, remaining, resetAtMs }: QuotaState,
): Record<string, string> {
  return {
    'RateLimit-Policy': `"${policy}";q=${limit};w=${windowMs / 1000}`,
    RateLimit: `"${policy}";r=${remaining};t=${secondsUntil(resetAtMs)}`,
  };
}

function secondsUntil(atMs: number): number {
  return Math.max(1, Math.ceil((atMs - Date.now()) / 1000));
}

function exceeded(
  policy: PolicyName,
  { limit, resetAtMs }: QuotaState,
  headers: Record<string, string>,
): ApiError {
  const seconds = secondsUntil(resetAtMs);
  return new ApiError('quota-exceeded', `The quota is used up; it is full again in ${seconds} s.`, {
    expected: `at most ${limit} requests of policy "${policy}" a minute`,
    headers: { ...headers, 'Retry-After': String(seconds) },
  });
}

function unknownKey(): ApiError {
  return new ApiError('unknown-key', 'This key is not known here, or not any more.', {
    expected: 'a key as it was shown when it was made, or none',
    headers: { 'WWW-Authenticate': 'Bearer' },
  });
}
