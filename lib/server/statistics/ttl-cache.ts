import { LRUCache } from 'lru-cache';

type Compute = () => Promise<object>;

/** More than there are combinations of windows and models. */
const MAX_ENTRIES = 1_000;

/** Computes a result at most once per TTL; concurrent callers share the computation. */
export class TtlCache {
  readonly #cache: LRUCache<string, object, Compute> | undefined;

  /** @param ttlMs 0 computes each time */
  constructor(ttlMs: number, now: () => number = () => performance.now()) {
    this.#cache =
      ttlMs > 0
        ? new LRUCache({
            max: MAX_ENTRIES,
            ttl: ttlMs,
            ttlResolution: 0,
            perf: { now },
            fetchMethod: (_key, _stale, { context }) => context(),
            ignoreFetchAbort: true,
          })
        : undefined;
  }

  /** @throws what `compute` throws; a failure is not kept */
  async get<T extends object>(key: string, compute: () => Promise<T>): Promise<T> {
    if (!this.#cache) return compute();
    return (await this.#cache.fetch(key, { context: compute })) as T;
  }
}
