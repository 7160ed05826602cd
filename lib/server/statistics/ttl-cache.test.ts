import { describe, expect, test } from 'vitest';
import { TtlCache } from './ttl-cache';

const TTL_MS = 5_000;

/** A cache at a time that the test sets. */
function cacheAt(startMs: number, ttlMs = TTL_MS) {
  const clock = { nowMs: startMs };
  const cache = new TtlCache(ttlMs, () => clock.nowMs);
  return { clock, ask: () => cache.get('a', () => Promise.resolve({ atMs: clock.nowMs })), cache };
}

describe('a result', () => {
  test('is computed again only after its TTL', async () => {
    const { clock, ask } = cacheAt(1);
    expect(await ask()).toEqual({ atMs: 1 });
    clock.nowMs += TTL_MS - 1;
    expect(await ask()).toEqual({ atMs: 1 });
    clock.nowMs += 2;
    expect(await ask()).toEqual({ atMs: 1 + TTL_MS + 1 });
  });

  test('is computed each time with a TTL of 0', async () => {
    const { clock, ask } = cacheAt(1, 0);
    await ask();
    clock.nowMs++;
    expect(await ask()).toEqual({ atMs: 2 });
  });

  test('is computed once for callers that ask meanwhile', async () => {
    const { cache } = cacheAt(1);
    const computed: object[] = [];
    const compute = async () => {
      await Promise.resolve();
      computed.push({});
      return computed;
    };
    const both = await Promise.all([cache.get('a', compute), cache.get('a', compute)]);
    expect(both).toEqual([computed, computed]);
    expect(computed).toHaveLength(1);
  });

  test('that failed is computed again at once', async () => {
    const { ask, cache } = cacheAt(1);
    await expect(cache.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await ask()).toEqual({ atMs: 1 });
  });
});
