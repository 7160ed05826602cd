import { LRUCache } from 'lru-cache';
import type { QuotaRequest, QuotaState } from './port';

/** Largest number of identities; the least recently seen one is forgotten and starts again at 0. */
const MAX_IDENTITIES = 50_000;

interface Window {
  used: number;
}

/**
 * Fixed windows in this process's memory, by the same rule as the shared ones: the embedded
 * driver's quotas, and the limits while a shared store is unavailable.
 */
export class LocalQuotas {
  readonly #windows: LRUCache<string, Window>;
  readonly #now: () => number;

  constructor(now: () => number = Date.now, maxIdentities = MAX_IDENTITIES) {
    this.#now = now;
    this.#windows = new LRUCache({ max: maxIdentities });
  }

  get size(): number {
    return this.#windows.size;
  }

  take({ policy, identity, limit, windowMs, cost }: QuotaRequest): QuotaState {
    const index = Math.floor(this.#now() / windowMs);
    const key = `${policy}:${identity}:${index}`;
    const window = this.#windows.get(key) ?? { used: 0 };
    const allowed = cost <= 0 || window.used + cost <= limit;
    if (allowed) window.used = Math.max(0, window.used + cost);
    this.#windows.set(key, window);
    return {
      allowed,
      limit,
      remaining: Math.min(limit, Math.max(0, limit - window.used)),
      resetAtMs: (index + 1) * windowMs,
    };
  }
}
