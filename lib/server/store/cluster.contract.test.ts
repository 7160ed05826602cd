/** The store on a real Redis Cluster of three nodes. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedisCluster, type TestRedisCluster } from '@/harness/redis-cluster';
import { describeFailure } from './failure';
import { RedisStore } from './redis';

const HOUR_MS = 3_600_000;
const baseMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 12 * HOUR_MS;

let cluster: TestRedisCluster;
let store: RedisStore;

beforeAll(async () => {
  cluster = await startRedisCluster();
  const connecting = RedisStore.overTcp(cluster.url, { isCluster: true });
  await connecting.connected(10_000);
  store = connecting;
});

afterAll(async () => {
  await store.close();
  await cluster.stop();
});

const keysOf = (pattern: string) =>
  Promise.all(
    cluster.nodes.map(async ({ url }) => {
      const node = new Redis(url);
      const keys = await node.keys(pattern);
      node.disconnect();
      return keys.length;
    }),
  );

test('a window lets exactly its limit pass, though the library names an empty key', async () => {
  const request = { policy: 'p', identity: 'many', limit: 100, windowMs: 240 * HOUR_MS, cost: 1 };
  const states = await Promise.all(Array.from({ length: 110 }, () => store.takeQuota(request)));
  expect(states.filter(({ allowed }) => allowed)).toHaveLength(100);
  const refunded = await store.takeQuota({ ...request, cost: -1 });
  expect(refunded.limit).toBe(100);
});

test('counts of many writers add up, spread over the nodes, in eight shards at most', async () => {
  const startMs = baseMs;
  const buckets = [
    { resolution: 'hour', startMs, counts: { a: 1 } },
    { resolution: 'minute', startMs, counts: { a: 1 } },
  ] as const;
  const writers = Array.from({ length: 100 }, (_, i) => `writer-${i}`);
  await Promise.all(writers.map((writer) => store.addCounts({ writer, sequence: 1, buckets })));
  // Sent again, their answers lost.
  await Promise.all(writers.map((writer) => store.addCounts({ writer, sequence: 1, buckets })));
  expect(await store.readCounts('hour', startMs, startMs + HOUR_MS)).toEqual([
    { resolution: 'hour', startMs, counts: { a: 100 } },
  ]);
  const perNode = await keysOf('sightline:{counts-*}:counts:hour:*');
  expect(perNode.reduce((sum, keys) => sum + keys)).toBe(8);
  expect(perNode.filter((keys) => keys > 0).length).toBeGreaterThan(1);
});

test('what was counted before the data moved to the cluster is read, too', async () => {
  const startMs = baseMs + HOUR_MS;
  const { Cluster } = await import('ioredis');
  const client = new Cluster([cluster.url]);
  await client.hset(`sightline:counts:hour:${startMs}`, 'a', 5);
  client.disconnect();
  expect(await store.readCounts('hour', startMs, startMs + HOUR_MS)).toMatchObject([
    { counts: { a: 5 } },
  ]);
});

test('keys, claims, frozen counts, answers and a probe', async () => {
  const record = { id: '1', name: 'n', secretHash: 'ab'.repeat(32), createdAtMs: 1 };
  await store.saveKey(record);
  for (let i = 2; i <= 1_200; i++) await store.saveKey({ ...record, id: String(i) });
  expect(await store.listKeys()).toHaveLength(1_200);
  expect(await store.claimIds(['x', 'y', 'z'])).toEqual(['x', 'y', 'z']);
  expect(await store.claimIds(['z', 'w'])).toEqual(['w']);
  expect(await store.freezeCounts('week', { a: 1 })).toEqual({ a: 1 });
  await store.writeCache('k', 'v', 60);
  expect(await store.readCache('k')).toBe('v');
  await expect(store.probe()).resolves.toBeUndefined();
});

test('without REDIS_CLUSTER=1 a redirection is told for what it is', async () => {
  const single = RedisStore.overTcp(cluster.url);
  await single.connected(5_000);
  const writes = Array.from({ length: 20 }, (_, i) => single.writeCache(`key-${i}`, 'v', 60));
  const failed = (await Promise.allSettled(writes)).find(({ status }) => status === 'rejected');
  expect(describeFailure((failed as PromiseRejectedResult).reason).reason).toMatch(
    /^REDIS_URL is a node of a Redis Cluster: set REDIS_CLUSTER=1 \(MOVED /,
  );
  await single.close();
});
