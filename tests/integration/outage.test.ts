import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, expect, test } from 'vitest';
import {
  makeKey,
  postPicture,
  rateLimit,
  roomInWindow,
  smallPicture,
  statistics,
} from '../../harness/client';
import { startRedis, type TestRedis } from '../../harness/redis';
import { startServer, type TestServer } from '../../harness/server';

const DEGRADED_WITHIN_MS = 2_000;
const OK_WITHIN_MS = 5_000;
const LONGEST_WAIT_MS = 300;
/** What a request takes besides, on a machine that is busy with the test itself. */
const REQUEST_MARGIN_MS = 250;

let redis: TestRedis;
let server: TestServer;

afterEach(async () => {
  await server.stop();
  await redis.stop();
});

async function storeStatus(): Promise<string> {
  const response = await fetch(`${server.url}/api/health`);
  const { checks } = (await response.json()) as { checks: { store: { status: string } } };
  return checks.store.status;
}

async function connectionsReceived(url: string): Promise<number> {
  const client = new Redis(url);
  const [, count] = /total_connections_received:(\d+)/.exec(await client.info('stats'))!;
  client.disconnect();
  return Number(count);
}

interface Sample {
  readonly status: number;
  readonly left: number;
  readonly startedAtMs: number;
  readonly tookMs: number;
}

/** Two lanes of requests with known pictures, until told to stop. */
function load(picture: Buffer, headers: Record<string, string> = {}) {
  const samples: Sample[] = [];
  let stopped = false;
  const lane = async () => {
    while (!stopped) {
      const startedAtMs = Date.now();
      const response = await postPicture(server.url, picture, headers);
      await response.arrayBuffer();
      const { left } = rateLimit(response);
      samples.push({
        status: response.status,
        left,
        startedAtMs,
        tookMs: Date.now() - startedAtMs,
      });
      await sleep(5);
    }
  };
  const lanes = Promise.all([lane(), lane()]);
  return {
    samples,
    stop: async () => {
      stopped = true;
      await lanes;
    },
  };
}

test('Redis is killed and started again: no 5xx, limits hold, health reports it', async () => {
  redis = await startRedis();
  server = await startServer({ REDIS_URL: redis.url, PREDICT_PER_MINUTE: '100000' });
  const { samples, stop } = load(await smallPicture());
  await expect.poll(() => samples.length, { timeout: 10_000 }).toBeGreaterThan(20);

  await redis.stop();
  await expect.poll(storeStatus, { timeout: DEGRADED_WITHIN_MS, interval: 50 }).toBe('degraded');
  const duringOutage = samples.length;
  await expect.poll(() => samples.length, { timeout: 10_000 }).toBeGreaterThan(duringOutage + 50);
  redis = await startRedis(redis.port);
  await expect.poll(storeStatus, { timeout: OK_WITHIN_MS, interval: 50 }).toBe('ok');
  await stop();

  // Ours to count them is one of them: no storm of reconnections meets the new Redis.
  expect(await connectionsReceived(redis.url)).toBeLessThanOrEqual(3);
  expect(new Set(samples.map(({ status }) => status))).toEqual(new Set([200]));
  expect(samples.filter(({ left }) => Number.isNaN(left))).toEqual([]);
  // Counts from the time without Redis arrive within a second.
  await expect
    .poll(async () => (await statistics(server.url)).totals.predictions, {
      timeout: 10_000,
      interval: 500,
    })
    .toBeGreaterThanOrEqual(samples.length - duringOutage);
});

test('while Redis is unavailable this process limits by itself', async () => {
  redis = await startRedis();
  server = await startServer({ REDIS_URL: redis.url, PREDICT_PER_MINUTE: '10' });
  const picture = await smallPicture();
  await redis.stop();
  await expect.poll(storeStatus, { timeout: DEGRADED_WITHIN_MS, interval: 50 }).toBe('degraded');
  await roomInWindow(20_000);
  const responses = await Promise.all(
    Array.from({ length: 15 }, () => postPicture(server.url, picture)),
  );
  expect(responses.filter(({ status }) => status === 200)).toHaveLength(10);
  const limited = responses.filter(({ status }) => status === 429);
  expect(limited).toHaveLength(5);
  expect(limited[0]!.headers.get('ratelimit-policy')).toBe('"predict";q=10;w=60');
  expect(await statistics(server.url)).toMatchObject({ partial: true });
});

test('Redis hangs: only requests before the breaker opens wait, and not for long', async () => {
  redis = await startRedis();
  server = await startServer({ REDIS_URL: redis.url, PREDICT_PER_MINUTE: '100000' });
  const key = await makeKey({ REDIS_URL: redis.url }, '--name', 'hung');
  const { samples, stop } = load(await smallPicture(), { 'x-api-key': key });
  await expect.poll(() => samples.length, { timeout: 10_000 }).toBeGreaterThan(20);

  process.kill(redis.pid, 'SIGSTOP');
  await expect.poll(storeStatus, { timeout: DEGRADED_WITHIN_MS, interval: 50 }).toBe('degraded');
  const openedAtMs = Date.now();
  const duringOutage = samples.length;
  await expect.poll(() => samples.length, { timeout: 10_000 }).toBeGreaterThan(duringOutage + 50);
  process.kill(redis.pid, 'SIGCONT');
  await expect.poll(storeStatus, { timeout: OK_WITHIN_MS, interval: 50 }).toBe('ok');
  await stop();

  expect(new Set(samples.map(({ status }) => status))).toEqual(new Set([200]));
  const waited = samples.filter(({ tookMs }) => tookMs >= LONGEST_WAIT_MS);
  // Key, quota and counts all ask the store: a request that has waited for one does not for the next.
  expect(Math.max(...samples.map(({ tookMs }) => tookMs))).toBeLessThan(
    LONGEST_WAIT_MS + REQUEST_MARGIN_MS,
  );
  expect(waited.filter(({ startedAtMs }) => startedAtMs > openedAtMs)).toEqual([]);
});
