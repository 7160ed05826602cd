/** What each store adds to a prediction: the operations that its answer waits for, in one run. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { quantile } from '@/lib/shared/numbers/quantile';
import { EmbeddedStore } from '../lib/server/store/embedded';
import { StoreGuard } from '../lib/server/store/guard';
import type { Store } from '../lib/server/store/port';
import { RedisStore } from '../lib/server/store/redis';
import { answeredFields, rankedFields } from '../lib/server/statistics/fields';
import { Recorder } from '../lib/server/statistics/recorder';
import { startBridge, startRedis } from '../harness/redis';

const PREDICTIONS = 2_000;
const WARMUP = 200;

const redis = await startRedis();
const bridge = await startBridge(redis.url);
const dataDir = await mkdtemp(path.join(tmpdir(), 'sightline-bench-'));
const overTcp = RedisStore.overTcp(redis.url);
await overTcp.connected(5_000);
const stores: Store[] = [
  new EmbeddedStore(dataDir),
  overTcp,
  RedisStore.overRest(bridge.url, bridge.token),
];

/** As a prediction does it: quota, look-up of the shared cache when it misses, counting. */
async function operations(guard: StoreGuard, recorder: Recorder, number: number, misses: boolean) {
  await guard.run((store) =>
    store.takeQuota({
      policy: 'predict',
      identity: `key:${number % 200}`,
      limit: 1_000_000,
      windowMs: 60_000,
      cost: 1,
    }),
  );
  if (misses) await guard.run((store) => store.readCache(`nothing-${number}`));
  const index = number % 200;
  const details = [
    'n:predictions',
    ...rankedFields({ modelId: 'm', index, score: 0.5, source: 'server' }),
  ];
  await recorder.record(
    answeredFields({ route: 'predict', status: 200, latencyMs: index, details }),
  );
}

async function measure(store: Store, misses: boolean): Promise<number[]> {
  const guard = new StoreGuard(store);
  const recorder = new Recorder(guard);
  const samples: number[] = [];
  for (let number = 0; number < WARMUP + PREDICTIONS; number++) {
    const startedAtMs = performance.now();
    await operations(guard, recorder, number, misses);
    if (number >= WARMUP) samples.push(performance.now() - startedAtMs);
  }
  await recorder.stop();
  guard.stop();
  return samples;
}

try {
  for (const misses of [false, true]) {
    console.info(misses ? 'not in the cache' : 'in this process’s cache');
    for (const store of stores) {
      const samples = await measure(store, misses);
      const at = (share: number) => quantile(samples, share).toFixed(2);
      console.info(`  ${store.kind.padEnd(9)} adds p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`);
    }
  }
} finally {
  await Promise.all(stores.map((store) => store.close()));
  await bridge.stop();
  await redis.stop();
  await rm(dataDir, { recursive: true });
}
