/** A week at 100 requests a second, seeded; then how long the routes about numbers take. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { quantile } from '@/lib/shared/numbers/quantile';
import { readSettings } from '../lib/server/settings';
import { latencyBucket } from '../lib/server/statistics/histogram';
import { openStore } from '../lib/server/store/open';
import { bucketStart, RESOLUTIONS, type Resolution, type Store } from '../lib/server/store/port';
import { startRedis } from '../harness/redis';
import { startServer } from '../harness/server';

const REQUESTS_PER_SECOND = 100;
const CLASSES = 200;
const ROUNDS = 30;
/** Redis answers are computed at most every five seconds: rounds this far apart are computed anew. */
const MEMO_MS = 5_100;
const REDIS_ROUNDS = 5;
const LARGEST_MS = { embedded: 20, redis: 150 } as const;
const ROUTES = ['statistics?window=7d', 'visualizations?window=7d', 'model/uptime'];

/** Every field that a busy bucket has: latencies from 1 to 400 ms, every label, every confidence. */
function busyCounts(resolution: Resolution): Record<string, number> {
  const requests = (REQUESTS_PER_SECOND * RESOLUTIONS[resolution].bucketMs) / 1000;
  const counts: Record<string, number> = {
    'n:requests': requests,
    'n:predictions': requests * 0.9,
    'n:images': requests * 0.9,
    'n:limited': requests * 0.05,
    'route:predict': requests,
    'status:200': requests * 0.95,
    'status:429': requests * 0.05,
    'source:server': requests * 0.8,
    'source:browser': requests * 0.1,
    'cache:memory': requests * 0.4,
    'cache:miss': requests * 0.5,
    'model:tiny-imagenet-200': requests * 0.9,
  };
  const [first, last] = [latencyBucket(1), latencyBucket(400)];
  for (let bucket = first; bucket <= last; bucket++) counts[`latency:${bucket}`] = requests / 60;
  for (let index = 0; index < CLASSES; index++) {
    counts[`label:tiny-imagenet-200/${index}`] = (requests * 0.9) / CLASSES;
  }
  for (let i = 0; i < 10; i++) counts[`confidence:${i}`] = requests * 0.09;
  if (resolution === 'hour') for (let minute = 0; minute < 60; minute++) counts[`up:${minute}`] = 4;
  return counts;
}

async function seed(store: Store): Promise<void> {
  for (const [resolution, count] of [
    ['hour', 168],
    ['minute', 60],
  ] as const) {
    const { bucketMs } = RESOLUTIONS[resolution];
    const last = bucketStart(resolution, Date.now());
    for (let i = 0; i < count; i++) {
      const bucket = { resolution, startMs: last - i * bucketMs, counts: busyCounts(resolution) };
      const writer = `seed-${resolution}-${i}`;
      await store.addCounts({ writer, sequence: 1, buckets: [bucket] });
    }
  }
}

async function timeMs(url: string): Promise<number> {
  const startedAtMs = performance.now();
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return performance.now() - startedAtMs;
}

const redis = await startRedis();
const dataDir = await mkdtemp(path.join(tmpdir(), 'sightline-bench-'));
try {
  for (const [kind, settings] of [
    ['embedded', { DATA_DIR: dataDir }],
    ['redis', { DATA_DIR: dataDir, REDIS_URL: redis.url }],
  ] as const) {
    const store = await openStore(readSettings(settings));
    await seed(store);
    await store.close();
    const server = await startServer(settings);
    await timeMs(`${server.url}/api/health`);
    for (const route of ROUTES) {
      const url = `${server.url}/api/${route}`;
      const firstMs = await timeMs(url);
      const samples: number[] = [];
      for (let round = 0; round < (kind === 'redis' ? REDIS_ROUNDS : ROUNDS); round++) {
        if (kind === 'redis') await new Promise((resolve) => setTimeout(resolve, MEMO_MS));
        samples.push(await timeMs(url));
      }
      const medianMs = quantile(samples, 0.5);
      const verdict = medianMs < LARGEST_MS[kind] ? 'holds' : 'MISSED';
      if (verdict === 'MISSED') process.exitCode = 1;
      console.info(
        `${kind.padEnd(9)} ${route.padEnd(26)} first ${firstMs.toFixed(1)} ms, then median ${medianMs.toFixed(1)} ms, ` +
          `longest ${Math.max(...samples).toFixed(1)} ms (median under ${LARGEST_MS[kind]} ms ${verdict})`,
      );
    }
    await server.stop();
  }
} finally {
  await redis.stop();
  await rm(dataDir, { recursive: true });
}
