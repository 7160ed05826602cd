import { ApiError } from '../http/api-error';
import type { ApiKeys } from './keys/api-keys';
import { getMetrics } from '../metrics/metrics';
import type { PolicyName, Settings } from '../settings';
import type { StoreGuard } from '../store/guard';
import { LocalQuotas } from '../store/local-quotas';
import type { KeyRecord, QuotaRequest, QuotaState } from '../store/port';
import { clientAddress } from './address';
import { POLICIES } from './policies';

type QuotaSettings = Pick<Settings, 'perMinute' | 'reportsPerDay' | 'trustedProxies'>;

/** Who asks: a key, or an address. */
export interface Identity {
  readonly name: string;
  readonly key?: KeyRecord;
}

/** A request's permission, with the units of quota that it has taken. */
export interface Grant {
  /** Whose it is. */
  readonly identity: string;
  /** What it has cost so far, be there a limit or none; 0 after it was given back. */
  readonly cost: number;
  /** `RateLimit-Policy` and `RateLimit`; none where the policy is switched off. */
  headers(): Record<string, string>;
  /**
   * Takes further units of the quota: one was taken already.
   *
   * @throws ApiError `quota-exceeded` if so much is not left; then nothing more is taken
   */
  charge(cost: number): Promise<void>;
  /** Gives all units back; the headers then say so. */
  refund(): Promise<void>;
}

/** Wrong keys from one address a minute, before it is told to wait. */
const WRONG_KEYS_PER_MINUTE = 30;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Counts what each identity takes: in the store, or in this process while it is unavailable. */
export class Quotas {
  readonly #settings: QuotaSettings;
  readonly #guard: StoreGuard;
  readonly #keys: ApiKeys;
  readonly #local = new LocalQuotas();
  readonly #wrongKeys = new LocalQuotas();

  constructor(settings: QuotaSettings, guard: StoreGuard, keys: ApiKeys) {
    this.#settings = settings;
    this.#guard = guard;
    this.#keys = keys;
  }

  /**
   * Takes one of a policy's quota for whoever asks.
   *
   * @throws ApiError `unknown-key`, or `quota-exceeded` with the headers that say until when
   */
  async take(policyName: PolicyName, requestHeaders: Pick<Headers, 'get'>): Promise<Grant> {
    return this.takeFor(policyName, await this.identify(requestHeaders));
  }

  /**
   * Takes one of a policy's quota.
   *
   * @throws ApiError `quota-exceeded` with the headers that say until when
   */
  async takeFor(policyName: PolicyName, identity: Identity): Promise<Grant> {
    const policy = POLICIES[policyName];
    const general = this.#settings.perMinute[policyName];
    const limit = (identity.key && policy.ownLimit(identity.key)) ?? general;
    if (limit === 0) return unlimited(identity.name);
    const request = {
      policy: policyName,
      identity: identity.name,
      limit,
      windowMs: policy.windowMs,
    };
    let state: QuotaState;
    let taken = 0;
    const headers = () => rateLimitHeaders(policyName, policy.windowMs, state);
    const charge = async (cost: number) => {
      if (cost <= 0) return;
      state = await this.#count({ ...request, cost });
      if (state.allowed) {
        taken += cost;
        return;
      }
      getMetrics().countLimited(policyName);
      throw exceeded(policyName, state, headers(), cost);
    };
    const refund = async () => {
      state = await this.#count({ ...request, cost: -taken });
      taken = 0;
    };
    await charge(1);
    return {
      identity: identity.name,
      get cost() {
        return taken;
      },
      headers,
      charge,
      refund,
    };
  }

  /**
   * Takes so many of the reports that an identity may send on one day (UTC).
   *
   * @throws ApiError `quota-exceeded` if fewer are left; then none is taken
   */
  async takeReports(count: number, headers: Pick<Headers, 'get'>): Promise<void> {
    const limit = this.#settings.reportsPerDay;
    if (limit === 0 || count === 0) return;
    const { name: identity } = await this.identify(headers);
    const request = { policy: 'reports', identity, limit, windowMs: DAY_MS, cost: count };
    const { allowed, remaining, resetAtMs } = await this.#count(request);
    if (allowed) return;
    getMetrics().countLimited('report');
    throw new ApiError('quota-exceeded', `${remaining} more reports are taken today.`, {
      expected: `at most ${limit} reports a day`,
      received: `${count} reports, with ${remaining} left`,
      headers: { 'Retry-After': String(secondsUntil(resetAtMs)) },
    });
  }

  /** @throws ApiError `unknown-key` for a key that is wrong, revoked or expired */
  async identify(headers: Pick<Headers, 'get'>): Promise<Identity> {
    const bearer = /^Bearer\s+(.+)$/i.exec(headers.get('authorization') ?? '')?.[1];
    const given = bearer?.trim() ?? headers.get('x-api-key')?.trim();
    const address = { name: `ip:${clientAddress(headers, this.#settings.trustedProxies)}` };
    if (given === undefined) return address;
    this.#assertFewWrongKeys(address.name, given);
    const verdict = await this.#keys.verify(given);
    if (verdict === 'unknown') {
      this.#countWrongKeys(address.name, 1);
      throw unknownKey();
    }
    // The store cannot say now whether the key is valid: it gets the quota of an address.
    return verdict === 'unsure' ? address : { name: `key:${verdict.id}`, key: verdict };
  }

  /** A key that was valid a moment ago need not wait because of wrong keys from its address. */
  #assertFewWrongKeys(identity: string, key: string): void {
    const { remaining, limit, resetAtMs } = this.#countWrongKeys(identity, 0);
    if (remaining > 0 || this.#keys.isKnown(key)) return;
    getMetrics().countLimited('unknown-key');
    const seconds = secondsUntil(resetAtMs);
    throw new ApiError('quota-exceeded', 'Too many wrong keys came from this address.', {
      expected: `at most ${limit} wrong keys a minute`,
      headers: { 'Retry-After': String(seconds) },
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

  async #count(request: QuotaRequest): Promise<QuotaState> {
    // Counted here too, so that an outage begins with what this process has granted already.
    const local = this.#local.take(request);
    if (this.#guard.store.kind === 'embedded') return local;
    try {
      const shared = await this.#guard.run((store) => store.takeQuota(request));
      if (!shared.allowed) {
        this.#local.take({ ...request, cost: -request.cost });
        return shared;
      }
      // The store does not know what was granted while it was unavailable.
      return local.remaining < shared.remaining || !local.allowed ? local : shared;
    } catch {
      return local;
    }
  }
}

/** Costs are summed up all the same. */
function unlimited(identity: string): Grant {
  let taken = 1;
  return {
    identity,
    get cost() {
      return taken;
    },
    headers: () => ({}),
    charge: (cost) => {
      taken += Math.max(0, cost);
      return Promise.resolve();
    },
    refund: () => {
      taken = 0;
      return Promise.resolve();
    },
  };
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
  { limit, remaining, resetAtMs }: QuotaState,
  headers: Record<string, string>,
  cost: number,
): ApiError {
  const seconds = secondsUntil(resetAtMs);
  const detail =
    cost === 1
      ? `The quota is used up; it is full again in ${seconds} s.`
      : `This costs ${cost} more and ${remaining} are left; the quota is full again in ${seconds} s.`;
  return new ApiError('quota-exceeded', detail, {
    expected: `at most ${limit} requests of policy "${policy}" a minute`,
    ...(cost === 1 ? {} : { received: `a cost of ${cost} more` }),
    headers: { ...headers, 'Retry-After': String(seconds) },
  });
}

function unknownKey(): ApiError {
  return new ApiError('unknown-key', 'This key is not known here, or not any more.', {
    expected: 'a key as it was shown when it was made, or none',
    headers: { 'WWW-Authenticate': 'Bearer' },
  });
}
