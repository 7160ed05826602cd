import { ApiError } from '../http/api-error';
import { getMetrics } from '../metrics/metrics';
import type { PolicyName, Settings } from '../settings';
import type { StoreGuard } from '../store/guard';
import { LocalQuotas } from '../store/local-quotas';
import type { QuotaRequest, QuotaState } from '../store/port';
import type { Identities, Identity } from './identities';
import { POLICIES } from './policies';
import { secondsUntil } from './seconds-until';

type QuotaSettings = Pick<Settings, 'perMinute' | 'reportsPerDay'>;

/** A request's permission, with the units of quota that it has taken. */
export interface Grant {
  /** Whose quota it is. */
  readonly identity: string;
  /** Units taken so far, with or without a limit; 0 after a refund. */
  readonly cost: number;
  /** `RateLimit-Policy` and `RateLimit`; none if the policy has no limit. */
  headers(): Record<string, string>;
  /**
   * Takes further units of the quota; the first was taken already.
   *
   * @throws ApiError `quota-exceeded` if so much is not left; then nothing more is taken
   */
  charge(cost: number): Promise<void>;
  /** Returns all units; the headers are updated. */
  refund(): Promise<void>;
}

const DAY_MS = 86_400_000;

/** Counts what each identity takes: in the store, or in this process while it is unavailable. */
export class Quotas {
  readonly #settings: QuotaSettings;
  readonly #guard: StoreGuard;
  readonly #identities: Identities;
  readonly #local = new LocalQuotas();

  constructor(settings: QuotaSettings, guard: StoreGuard, identities: Identities) {
    this.#settings = settings;
    this.#guard = guard;
    this.#identities = identities;
  }

  /**
   * Takes one unit of a policy's quota for the client of a request.
   *
   * @throws ApiError `unknown-key`, or `quota-exceeded` with the headers that say until when
   */
  async take(policyName: PolicyName, requestHeaders: Pick<Headers, 'get'>): Promise<Grant> {
    return this.takeFor(policyName, await this.#identities.identify(requestHeaders));
  }

  /**
   * Takes one unit of a policy's quota.
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
    const { name: identity } = await this.#identities.identify(headers);
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

  async #count(request: QuotaRequest): Promise<QuotaState> {
    // Also counted in this process, so that its count is right when an outage begins.
    const local = this.#local.take(request);
    if (this.#guard.store.kind === 'embedded') return local;
    try {
      const shared = await this.#guard.run((store) => store.takeQuota(request));
      if (!shared.allowed) {
        this.#local.take({ ...request, cost: -request.cost });
        return shared;
      }
      // Units granted during an outage are not in the store, so the stricter of the two counts
      // applies.
      return local.remaining < shared.remaining || !local.allowed ? local : shared;
    } catch {
      return local;
    }
  }
}

/** No limit, but costs are added up for the use of keys. */
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

/**
 * Fields of draft-ietf-httpapi-ratelimit-headers-11; `t` in whole seconds, never 0 before the end.
 */
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
