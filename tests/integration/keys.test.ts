import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { keysCommand, makeKey, postPicture, rateLimit, smallPicture } from '../../harness/client';
import { startBridge, startRedis, type TestBridge, type TestRedis } from '../../harness/redis';
import { startServer, type TestServer } from '../../harness/server';

/** A key that was revoked is known for two seconds at the most. */
const FORGET_TIMEOUT_MS = 5_000;

let redis: TestRedis;
let bridge: TestBridge;
let server: TestServer;
let picture: Buffer;

beforeAll(async () => {
  redis = await startRedis();
  bridge = await startBridge(redis.url);
  picture = await smallPicture();
});

afterAll(async () => {
  await bridge.stop();
  await redis.stop();
});

afterEach(() => server.stop());

const STORES: Record<string, () => Record<string, string>> = {
  embedded: () => ({}),
  redis: () => ({ REDIS_URL: redis.url }),
  upstash: () => ({ UPSTASH_REDIS_REST_URL: bridge.url, UPSTASH_REDIS_REST_TOKEN: bridge.token }),
};

describe.each(Object.keys(STORES))('%s: keys, while the server runs', (kind) => {
  test('are made, limited by themselves, listed with their last use, renewed and revoked', async () => {
    const shared = STORES[kind]!();
    server = await startServer({ PREDICT_PER_MINUTE: '100', ...shared });
    const settings = { DATA_DIR: server.dataDir, ...shared };
    const statusOf = async (key: string) =>
      (await postPicture(server.url, picture, { 'x-api-key': key })).status;

    const key = await makeKey(settings, '--name', `first ${kind}`, '--predict-per-minute', '700');
    const answer = await postPicture(server.url, picture, { Authorization: `Bearer ${key}` });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('ratelimit-policy')).toBe('"predict";q=700;w=60');
    expect(rateLimit(answer).left).toBe(699);

    const [, id] = key.split('_') as [string, string];
    const listed = await keysCommand(settings, 'list');
    expect(listed).toMatch(
      new RegExp(`${id}  first ${kind} .*last used .*700 predictions a minute`),
    );
    expect(listed).not.toContain(key);

    const renewed = /^sl_\S+$/m.exec(await keysCommand(settings, 'rotate', id))![0];
    await expect.poll(() => statusOf(key), { timeout: FORGET_TIMEOUT_MS }).toBe(401);
    expect(await statusOf(renewed)).toBe(200);
    await keysCommand(settings, 'revoke', id);
    await expect.poll(() => statusOf(renewed), { timeout: FORGET_TIMEOUT_MS }).toBe(401);
  });
});

test('an unknown key is refused and never falls back to the address', async () => {
  server = await startServer({ PREDICT_PER_MINUTE: '100' });
  const wrong = ['nonsense', `sl_${'0'.repeat(16)}_${'A'.repeat(43)}`];
  for (const key of wrong) {
    const response = await postPicture(server.url, picture, { 'x-api-key': key });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ type: 'unknown-key', status: 401 });
  }
  expect(rateLimit(await postPicture(server.url, picture)).left).toBe(99);
});

test('mistakes on the command line are named', async () => {
  server = await startServer();
  const settings = { DATA_DIR: server.dataDir };
  await expect(keysCommand(settings, 'create')).rejects.toThrow('expected --name');
  await expect(keysCommand(settings, 'revoke', 'nobody')).rejects.toThrow('received nobody');
  await expect(
    keysCommand(settings, 'create', '--name', 'x', '--expires', '2001-01-01'),
  ).rejects.toThrow('in the future');
  expect(await keysCommand(settings, '--help')).toContain('npm run keys -- create');
});
