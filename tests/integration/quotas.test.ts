import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKey } from '@/lib/server/quota/keys/api-keys';
import { openStore } from '@/lib/server/store/open';
import { readSettings } from '@/lib/server/settings';
import { postPicture, rateLimit, roomInWindow, smallPicture } from '../../harness/client';
import { largePictures } from '../../harness/pictures';
import { startRedis, type TestRedis } from '../../harness/redis';
import { startServer, type TestServer } from '../../harness/server';

const KEYS = 20;
const LIMIT = 100;
const ASKED = 110;

let redis: TestRedis;

beforeAll(async () => {
  redis = await startRedis();
});

afterAll(() => redis.stop());

async function makeKeys(settings: Record<string, string>, count: number): Promise<string[]> {
  const store = await openStore(readSettings(settings));
  const issued = await Promise.all(
    Array.from({ length: count }, (_, i) => createKey(store, { name: `key ${i}` }, Date.now())),
  );
  await store.close();
  return issued.map(({ key }) => key);
}

/** As many at once as a client would keep open. */
async function ask(url: string, picture: Buffer, key: string): Promise<Response[]> {
  const responses: Response[] = [];
  let asked = 0;
  const lane = async () => {
    while (asked++ < ASKED) {
      const response = await postPicture(url, picture, { Authorization: `Bearer ${key}` });
      await response.arrayBuffer();
      responses.push(response);
    }
  };
  await Promise.all([lane(), lane(), lane()]);
  return responses;
}

describe.each(['embedded', 'redis'])('%s: fair quotas', (kind) => {
  let server: TestServer;
  let keys: string[];

  beforeAll(async () => {
    const shared = kind === 'redis' ? { REDIS_URL: redis.url } : undefined;
    server = await startServer({ PREDICT_PER_MINUTE: String(LIMIT), ...shared });
    keys = await makeKeys({ DATA_DIR: server.dataDir, ...shared }, KEYS);
  });

  afterAll(() => server.stop());

  test('of 110 requests of each of 20 keys exactly 100 succeed, and the headers are exact', async () => {
    const picture = await smallPicture();
    await postPicture(server.url, picture);
    await roomInWindow(40_000);
    const windowEndMs = (Math.floor(Date.now() / 60_000) + 1) * 60_000;
    const byKey = await Promise.all(keys.map((key) => ask(server.url, picture, key)));
    expect(Date.now()).toBeLessThan(windowEndMs);

    for (const responses of byKey) {
      const succeeded = responses.filter(({ status }) => status === 200);
      const limited = responses.filter(({ status }) => status === 429);
      expect([succeeded.length, limited.length]).toEqual([LIMIT, ASKED - LIMIT]);
      const left = succeeded.map((response) => rateLimit(response).left).sort((a, b) => a - b);
      expect(left).toEqual(Array.from({ length: LIMIT }, (_, i) => i));
      expect(new Set(limited.map((response) => rateLimit(response).left))).toEqual(new Set([0]));
      for (const response of responses) {
        expect(response.headers.get('ratelimit-policy')).toBe('"predict";q=100;w=60');
        const answeredAtMs = Date.parse(response.headers.get('date')!);
        const { seconds } = rateLimit(response);
        // The Date header has whole seconds and is written after ours.
        expect(Math.abs(answeredAtMs + seconds * 1000 - windowEndMs)).toBeLessThanOrEqual(2000);
      }
      expect(limited[0]!.headers.get('cache-control')).toBe('no-store');
      expect(Number(limited[0]!.headers.get('retry-after'))).toBe(rateLimit(limited[0]!).seconds);
    }
  });
});

describe('who is counted', () => {
  let server: TestServer;

  afterAll(() => server.stop());

  test('a forged X-Forwarded-For changes nothing, believed proxies do', async () => {
    const picture = await smallPicture();
    server = await startServer({ PREDICT_PER_MINUTE: '5' });
    await roomInWindow(20_000);
    const forged = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        postPicture(server.url, picture, { 'X-Forwarded-For': `203.0.113.${i}` }),
      ),
    );
    expect(forged.filter(({ status }) => status === 200)).toHaveLength(5);
    await server.stop();

    server = await startServer({ PREDICT_PER_MINUTE: '5', TRUSTED_PROXIES: '1' });
    await roomInWindow(20_000);
    const statusOf = async (forwardedFor: string) =>
      (await postPicture(server.url, picture, { 'X-Forwarded-For': forwardedFor })).status;
    const proxied = await Promise.all(
      Array.from({ length: 8 }, (_, i) => statusOf(`198.51.100.1, 203.0.113.${i}`)),
    );
    expect(proxied).toEqual(Array(8).fill(200));
    const oneSite = await Promise.all(
      Array.from({ length: 8 }, (_, i) => statusOf(`2001:db8:1:2::${i}`)),
    );
    expect(oneSite.filter((status) => status === 200)).toHaveLength(5);
  });

  test('one request costs one whatever its outcome, health costs nothing, 0 switches off', async () => {
    await server.stop();
    server = await startServer({ PREDICT_PER_MINUTE: '3', READ_PER_MINUTE: '0' });
    await roomInWindow(20_000);
    const refused = await postPicture(server.url, Buffer.from('no picture'));
    expect([refused.status, rateLimit(refused).left]).toEqual([415, 2]);
    const health = await fetch(`${server.url}/api/health`);
    expect(health.headers.has('ratelimit')).toBe(false);
    const read = await fetch(`${server.url}/api/statistics`);
    expect([read.status, read.headers.has('ratelimit')]).toEqual([200, false]);
    expect(rateLimit(await postPicture(server.url, await smallPicture())).left).toBe(1);
  });

  test('a 503 is given back', async () => {
    await server.stop();
    server = await startServer({
      PREDICT_PER_MINUTE: '50',
      INFERENCE_WORKERS: '1',
      QUEUE_LIMIT: '1',
      CACHE_ENTRIES: '0',
    });
    const pictures = await largePictures(12);
    await roomInWindow(20_000);
    const responses = await Promise.all(
      pictures.map((picture) => postPicture(server.url, picture)),
    );
    const answered = responses.filter(({ status }) => status === 200).length;
    expect(responses.filter(({ status }) => status === 503).length).toBe(12 - answered);
    expect(answered).toBeLessThan(12);
    expect(rateLimit(await postPicture(server.url, await smallPicture())).left).toBe(
      50 - answered - 1,
    );
  });
});
