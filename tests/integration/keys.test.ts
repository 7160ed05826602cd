import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  keysCommand,
  makeKey,
  postPicture,
  rateLimit,
  roomInWindow,
  smallPicture,
} from '../../harness/client';
import { metricsText, metricValue } from '../metrics';
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

test('what each key has used is told by the day, for an operator', async () => {
  server = await startServer({ PREDICT_PER_MINUTE: '100' });
  const settings = { DATA_DIR: server.dataDir };
  await roomInWindow(20_000);
  const key = await makeKey(settings, '--name', 'paying', '--predict-per-minute', '3');
  const other = await makeKey(settings, '--name', 'other');
  const headers = { 'x-api-key': key };
  const batch = new FormData();
  for (const name of ['a', 'b']) batch.append('images', new Blob([new Uint8Array(picture)]), name);
  const statuses = [
    await postPicture(server.url, picture, headers),
    await postPicture(server.url, Buffer.from('no picture'), headers),
    await postPicture(server.url, picture, headers),
    await postPicture(server.url, picture, headers),
    await fetch(`${server.url}/api/predict/batch`, { method: 'POST', headers, body: batch }),
    await postPicture(server.url, picture, { 'x-api-key': other }),
    await postPicture(server.url, picture),
  ].map(({ status }) => status);
  expect(statuses).toEqual([200, 415, 200, 429, 200, 200, 200]);

  const [, id] = key.split('_') as [string, string];
  const day = new Date().toISOString().slice(0, 10);
  const [head, ...rows] = (await keysCommand(settings, 'usage')).trim().split('\n');
  expect(head).toMatch(/^day +key +name +predictions +pictures +refused +cost$/);
  expect(rows).toHaveLength(2);
  // Three pictures were paid for, of which one was none, and a batch.
  expect(rows.find((row) => row.includes('paying'))).toMatch(
    new RegExp(`^${day} +${id} +paying +3 +4 +1 +4$`),
  );
  expect(rows.find((row) => row.includes('other'))).toMatch(/other +1 +1 +0 +1$/);
  expect(await keysCommand(settings, 'usage', id)).not.toContain('other');
  const metrics = await metricsText(server.url);
  expect(metricValue(metrics, `sightline_key_use_total{key="${id}",use="pictures"}`)).toBe(4);
  await expect(keysCommand(settings, 'usage', '--days', '0')).rejects.toThrow('from 1 to 90');
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
