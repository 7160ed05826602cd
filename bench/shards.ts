/**
 * npm run bench:shards: what replicas send to a Redis Cluster, as its own nodes count it. Three real
 * nodes; each simulated replica sends in a second what a real one does, through the real store.
 */
import { Redis } from 'ioredis';
import { startRedisCluster } from '../harness/redis-cluster';
import { answeredFields, rankedFields } from '../lib/server/statistics/fields';
import { RedisStore } from '../lib/server/store/redis';

const REPLICAS = [10, 100, 1_000];
/** Simulated seconds. Each lasts as long as the commands of all replicas take. */
const SECONDS = 4;
/** Per replica; each prediction is for a picture that no replica has seen. */
const PREDICTIONS_PER_SECOND = 10;
/** The same values as in Recorder and StoreGuard. */
const FLUSHES_PER_SECOND = 2;
const PINGS_PER_SECOND = 4;
const SECONDS_PER_PROBE = 2;
const AT_ONCE = 100;
const CLASSES = 200;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** What one script calls inside; the nodes count it beside the script itself. */
const INNER = new Set(['hincrbyfloat', 'expire', 'get', 'set', 'incrby', 'pexpire', 'hgetall']);

type Calls = Map<string, number>;

const cluster = await startRedisCluster();
const nodes = cluster.nodes.map(({ url }) => new Redis(url));
const store = RedisStore.overTcp(cluster.url, { isCluster: true });
await store.connected(10_000);

/** What a flush carries: half a second of answers. */
function countsOf(seed: number): Record<string, number> {
  const sums: Record<string, number> = {};
  for (let i = 0; i < PREDICTIONS_PER_SECOND / FLUSHES_PER_SECOND; i++) {
    const index = (seed * 31 + i * 7) % CLASSES;
    const ranked = rankedFields({
      modelId: 'model',
      index,
      score: (index % 10) / 10,
      source: 'server',
    });
    const details = ['n:predictions', 'cache:miss', ...ranked];
    const answered = { route: 'predict', status: 200, latencyMs: index, details };
    for (const field of answeredFields(answered)) sums[field] = (sums[field] ?? 0) + 1;
  }
  return sums;
}

/** One replica's second. */
async function second(replica: number, at: number, startMs: number): Promise<void> {
  const limits = { policy: 'predict', limit: 1_000_000, windowMs: MINUTE_MS, cost: 1 };
  for (let i = 0; i < PREDICTIONS_PER_SECOND; i++) {
    const picture = `${replica}-${at}-${i}`;
    await store.takeQuota({ ...limits, identity: `ip:${replica}-${i}` });
    await store.readCache(picture);
    await store.writeCache(picture, 'x'.repeat(1_100), 3_600);
  }
  for (let i = 0; i < FLUSHES_PER_SECOND; i++) {
    const sequence = at * FLUSHES_PER_SECOND + i + 1;
    const counts = countsOf(sequence * 1_000 + replica);
    const minute = { resolution: 'minute', startMs: startMs + MINUTE_MS, counts } as const;
    const hour = { resolution: 'hour', startMs, counts } as const;
    await store.addCounts({ writer: `replica-${replica}`, sequence, buckets: [minute, hour] });
  }
  for (let i = 0; i < PINGS_PER_SECOND; i++) await store.ping();
  if (at % SECONDS_PER_PROBE === 0) await store.probe();
}

async function simulate(replicas: number, startMs: number): Promise<void> {
  for (let at = 0; at < SECONDS; at++) {
    for (let first = 0; first < replicas; first += AT_ONCE) {
      const count = Math.min(AT_ONCE, replicas - first);
      await Promise.all(Array.from({ length: count }, (_, i) => second(first + i, at, startMs)));
    }
  }
}

/** Calls of each command at each node since the statistics were reset. */
async function calls(): Promise<Calls[]> {
  const texts = await Promise.all(nodes.map((node) => node.info('commandstats')));
  return texts.map((text) => {
    const lines = [...text.matchAll(/cmdstat_([\w|]+):calls=(\d+)/g)];
    return new Map(lines.map(([, name, count]) => [name!, Number(count)]));
  });
}

async function resetStatistics(): Promise<void> {
  await Promise.all(nodes.map((node) => node.config('RESETSTAT')));
}

/** Of the hashes of one hour: how many there are, the bytes of the largest, and who writes most. */
async function hourHashes(): Promise<{ keys: number; bytes: number; mostWriters: number }> {
  let keys = 0;
  let bytes = 0;
  const writers = new Map<string, number>();
  for (const node of nodes) {
    for (const key of await node.keys('sightline:{counts-*}:writer:*')) {
      const shard = key.split(':')[1]!;
      writers.set(shard, (writers.get(shard) ?? 0) + 1);
    }
    for (const key of await node.keys('sightline:{counts-*}:counts:hour:*')) {
      keys++;
      bytes = Math.max(bytes, Number(await node.call('MEMORY', 'USAGE', key, 'SAMPLES', '0')));
    }
  }
  return { keys, bytes, mostWriters: Math.max(...writers.values()) };
}

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
const of = (found: readonly Calls[], name: string) => sum(found.map((node) => node.get(name) ?? 0));

/** What came over the network, without what scripts called and without our own questions. */
function received(found: Calls): number {
  const names = [...found.keys()].filter((name) => !/^(info|config|memory|keys)/.test(name));
  return sum(names.filter((name) => !INNER.has(name)).map((name) => found.get(name)!));
}

async function rowOf(replicas: number): Promise<string[]> {
  await Promise.all(nodes.map((node) => node.flushall()));
  await resetStatistics();
  const startMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 2 * HOUR_MS;
  await simulate(replicas, startMs);
  const found = await calls();
  // Cached answers are looked up and kept by plain commands, all others' reads are in scripts.
  const plain = replicas * PREDICTIONS_PER_SECOND * 2;
  const byNode = found.map(received);
  const total = sum(byNode) / SECONDS + plain;
  const { keys, bytes, mostWriters } = await hourHashes();
  await resetStatistics();
  await store.readCounts('hour', startMs - 22 * HOUR_MS, startMs + 2 * HOUR_MS);
  const read = await calls();
  const writes = replicas * FLUSHES_PER_SECOND;
  return [
    `${replicas}`,
    `${Math.round(total)}`,
    `${Math.round((100 * Math.max(...byNode)) / sum(byNode))} %`,
    `${Math.round(of(found, 'hincrbyfloat') / (writes * SECONDS))}`,
    `${mostWriters * FLUSHES_PER_SECOND}`,
    `${keys}`,
    `${Math.ceil(bytes / 1024)} KiB`,
    `${of(read, 'eval')}`,
  ];
}

const HEAD = [
  'replicas',
  'commands a second',
  'of them at the busiest of 3 nodes',
  'fields a write of counts adds to',
  'writes a second to the hottest key',
  'hashes an hour',
  'the largest',
  'commands that read a day',
];
console.info(`| ${HEAD.join(' | ')} |\n| ${HEAD.map(() => '---').join(' | ')} |`);
for (const replicas of REPLICAS) console.info(`| ${(await rowOf(replicas)).join(' | ')} |`);

await store.close();
for (const node of nodes) node.disconnect();
await cluster.stop();
