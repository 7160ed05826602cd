/** One suite for every driver, each on the real thing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBridge, startRedis, type TestBridge, type TestRedis } from '../../../harness/redis';
import { EmbeddedStore } from './embedded';
import type { KeyRecord, QuotaRequest, Store } from './port';
import { RedisStore } from './redis';

let redis: TestRedis;
let bridge: TestBridge;
let dataDir: string;

beforeAll(async () => {
  redis = await startRedis();
  bridge = await startBridge(redis.url);
  dataDir = await mkdtemp(path.join(tmpdir(), 'sightline-store-'));
});

afterAll(async () => {
  await bridge.stop();
  await redis.stop();
  await rm(dataDir, { recursive: true });
});

const DRIVERS: Record<Store['kind'], () => Promise<Store>> = {
  embedded: () => Promise.resolve(new EmbeddedStore(dataDir)),
  redis: async () => {
    const store = RedisStore.overTcp(redis.url);
    await store.connected(5_000);
    return store;
  },
  upstash: () => Promise.resolve(RedisStore.overRest(bridge.url, bridge.token)),
};

const HOUR_MS = 3_600_000;

describe.each(Object.keys(DRIVERS) as Store['kind'][])('the %s store', (kind) => {
  let store: Store;
  /** Redis over TCP and over REST are one database here: names keep the runs apart. */
  const named = (name: string) => `${kind}-${name}`;
  /** Whole hours of their own, long enough ago to be complete and short enough to be kept. */
  const baseMs =
    Math.floor(Date.now() / HOUR_MS) * HOUR_MS -
    (12 + 12 * Object.keys(DRIVERS).indexOf(kind)) * HOUR_MS;

  beforeAll(async () => {
    store = await DRIVERS[kind]();
  });

  afterAll(() => store.close());

  function quota(change: Partial<QuotaRequest> = {}): QuotaRequest {
    // A window that no test outlives.
    const policy = named('policy');
    return {
      policy,
      identity: 'someone',
      limit: 3,
      windowMs: 10 * 24 * HOUR_MS,
      cost: 1,
      ...change,
    };
  }

  test('a window lets exactly its limit pass, however many come at once', async () => {
    const request = quota({ identity: 'many', limit: 100 });
    const states = await Promise.all(Array.from({ length: 110 }, () => store.takeQuota(request)));
    expect(states.filter(({ allowed }) => allowed)).toHaveLength(100);
    expect(states.map(({ remaining }) => remaining).sort((a, b) => a - b)).toEqual([
      ...Array<number>(10).fill(0),
      ...Array.from({ length: 100 }, (_, i) => i),
    ]);
  });

  test('a window ends at a multiple of its length', async () => {
    const { resetAtMs } = await store.takeQuota(quota({ identity: 'reset', windowMs: 60_000 }));
    expect(resetAtMs % 60_000).toBe(0);
    expect(resetAtMs).toBeGreaterThan(Date.now());
    expect(resetAtMs).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  test('what is given back can be taken again', async () => {
    const request = quota({ identity: 'refund', limit: 1 });
    expect((await store.takeQuota(request)).allowed).toBe(true);
    expect((await store.takeQuota({ ...request, cost: -1 })).remaining).toBe(1);
    expect((await store.takeQuota(request)).allowed).toBe(true);
    expect((await store.takeQuota(request)).allowed).toBe(false);
  });

  test('identities and policies count by themselves', async () => {
    for (const change of [
      { identity: 'a' },
      { identity: 'b' },
      { policy: named('other'), identity: 'a' },
    ]) {
      expect((await store.takeQuota(quota({ ...change, limit: 9 }))).remaining).toBe(8);
    }
  });

  test('an answer is kept for other replicas, where there are others', async () => {
    const value = JSON.stringify({ text: 'ä "quoted"', number: 1 });
    await store.writeCache(named('answer'), value, 60);
    const expected = kind === 'embedded' ? undefined : value;
    expect(await store.readCache(named('answer'))).toBe(expected);
    expect(await store.readCache(named('nothing'))).toBeUndefined();
  });

  test('a cost is taken as a whole, or nothing of it', async () => {
    const request = quota({ identity: named('cost'), limit: 10 });
    const take = (cost: number) => store.takeQuota({ ...request, cost });
    expect(await take(6)).toMatchObject({ allowed: true, remaining: 4 });
    expect(await take(5)).toMatchObject({ allowed: false, remaining: 4 });
    expect(await take(1)).toMatchObject({ allowed: true, remaining: 3 });
    expect(await take(3)).toMatchObject({ allowed: true, remaining: 0 });
  });

  test('a secret is made once, and is another under another name', async () => {
    const secret = await store.sharedSecret(named('secret'));
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(await store.sharedSecret(named('secret'))).toBe(secret);
    expect(await store.sharedSecret(named('other'))).not.toBe(secret);
  });

  test('the last use of a key changes nothing of its record', async () => {
    // Not among the keys that another test lists.
    const id = `use-${named('u')}`;
    const record = { id, name: named('u'), secretHash: '00', createdAtMs: 1 };
    await store.saveKey(record);
    await store.recordKeyUse(record.id, 5);
    await store.recordKeyUse(record.id, 6);
    expect(await store.findKey(record.id)).toEqual(record);
    const listed = (await store.listKeys()).find((one) => one.id === id);
    expect(listed).toEqual({ ...record, lastUsedAtMs: 6 });
  });

  test('keys are saved, found, changed and listed', async () => {
    const record: KeyRecord = {
      id: named('2'),
      name: '12345',
      secretHash: 'ab'.repeat(32),
      createdAtMs: 1,
      predictPerMinute: 5,
    };
    await store.saveKey(record);
    await store.saveKey({ ...record, id: named('1'), name: 'first' });
    expect(await store.findKey(record.id)).toEqual(record);
    expect(await store.findKey(named('nobody'))).toBeUndefined();

    await store.saveKey({ ...record, revokedAtMs: 2 });
    expect((await store.findKey(record.id))?.revokedAtMs).toBe(2);
    const listed = (await store.listKeys()).filter(({ id }) => id.startsWith(kind));
    expect(listed.map(({ id }) => id)).toEqual([named('2'), named('1')]);
  });

  test('counts add up by bucket and field, and come back in order', async () => {
    const bucket = (startMs: number, counts: Record<string, number>) =>
      ({ resolution: 'hour', startMs, counts }) as const;
    await store.addCounts({
      writer: named('one'),
      sequence: 1,
      buckets: [bucket(baseMs, { a: 1, b: 2 }), bucket(baseMs + 2 * HOUR_MS, { a: 5 })],
    });
    await store.addCounts({
      writer: named('two'),
      sequence: 1,
      buckets: [bucket(baseMs, { a: 10, 'label:x/1': 1.5 })],
    });
    expect(await store.readCounts('hour', baseMs, baseMs + 3 * HOUR_MS)).toEqual([
      bucket(baseMs, { a: 11, b: 2, 'label:x/1': 1.5 }),
      bucket(baseMs + 2 * HOUR_MS, { a: 5 }),
    ]);
    expect(await store.readCounts('hour', baseMs, baseMs + 2 * HOUR_MS)).toHaveLength(1);
    expect(await store.readCounts('minute', baseMs, baseMs + 60_000)).toEqual([]);
  });

  test('a batch that is sent again, its answer lost, counts once', async () => {
    const counts = { again: 1 };
    const batch = {
      writer: named('again'),
      sequence: 7,
      // The embedded store looks back only for batches of another process.
      isRepeated: true,
      buckets: [{ resolution: 'hour', startMs: baseMs + 5 * HOUR_MS, counts } as const],
    };
    for (const again of [batch, batch, batch]) await store.addCounts(again);
    const [bucket] = await store.readCounts('hour', baseMs + 5 * HOUR_MS, baseMs + 6 * HOUR_MS);
    expect(bucket?.counts).toEqual(counts);
  });

  test('what is frozen under a name stays as it was first', async () => {
    const counts = { 'label:x/1': 3, 'confidence-of:x/9': 3 };
    expect(await store.frozenCounts(named('week'))).toBeUndefined();
    expect(await store.freezeCounts(named('week'), counts)).toEqual(counts);
    expect(await store.freezeCounts(named('week'), { other: 1 })).toEqual(counts);
    expect(await store.frozenCounts(named('week'))).toEqual(counts);
    expect(await store.frozenCounts(named('other-week'))).toBeUndefined();
  });

  test('an id is claimed once', async () => {
    const now = Date.now();
    expect(await store.claimIds([named('x'), named('y')], now)).toEqual([named('x'), named('y')]);
    expect(await store.claimIds([named('y'), named('z')], now)).toEqual([named('z')]);
    expect(await store.claimIds([], now)).toEqual([]);
  });

  test('is read and written for a probe', async () => {
    await expect(store.ping()).resolves.toBeUndefined();
    await expect(store.probe()).resolves.toBeUndefined();
    await expect(store.probe()).resolves.toBeUndefined();
  });
});

test('the embedded store keeps what it was told over a restart', async () => {
  const startMs = Math.floor(Date.now() / 60_000) * 60_000;
  const first = new EmbeddedStore(dataDir);
  await first.addCounts({
    writer: 'restart',
    sequence: 1,
    buckets: [{ resolution: 'minute', startMs, counts: { kept: 1 } }],
  });
  await first.close();
  const second = new EmbeddedStore(dataDir);
  expect(await second.readCounts('minute', startMs, startMs + 60_000)).toMatchObject([
    { counts: { kept: 1 } },
  ]);
  await second.close();
});

test('the embedded store forgets counts that are older than they are kept, frozen ones never', async () => {
  let nowMs = Date.now();
  const folder = await mkdtemp(path.join(tmpdir(), 'sightline-expiry-'));
  const store = new EmbeddedStore(folder, () => nowMs);
  const startMs = Math.floor(nowMs / 60_000) * 60_000;
  const buckets = [{ resolution: 'minute', startMs, counts: { a: 1 } } as const];
  await store.addCounts({ writer: 'a', sequence: 1, buckets });
  await store.freezeCounts('kept', { a: 1 });
  nowMs += 49 * HOUR_MS;
  await store.addCounts({ writer: 'a', sequence: 2, buckets: [] });
  expect(await store.readCounts('minute', startMs, startMs + 60_000)).toEqual([]);
  expect(await store.frozenCounts('kept')).toEqual({ a: 1 });
  await store.close();
  await rm(folder, { recursive: true });
});
