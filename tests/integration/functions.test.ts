/** What a function platform needs: no file written, and bundles that are small enough. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { postPicture, smallPicture, statistics } from '../../harness/client';
import { startBridge, startRedis, type TestBridge, type TestRedis } from '../../harness/redis';
import { startServer, type TestServer } from '../../harness/server';

const TRACES = '.next/server/app';
const MEBIBYTE = 1024 * 1024;
/** What the best-known platform takes of a function, unpacked. */
const LIMIT_BYTES = 250 * MEBIBYTE;

let folder: string | undefined;
let redis: TestRedis | undefined;
let bridge: TestBridge | undefined;
let server: TestServer | undefined;

afterEach(async () => {
  await server?.stop();
  await bridge?.stop();
  await redis?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test.each([
  ['our own server', false],
  ['Next’s route handlers', true],
])(
  'by %s, with Upstash no file is written, and what was asked is counted',
  async (_, asFunctions) => {
    redis = await startRedis();
    bridge = await startBridge(redis.url);
    folder = await mkdtemp(path.join(tmpdir(), 'sightline-functions-'));
    const dataDir = path.join(folder, 'data');
    const settings = {
      UPSTASH_REDIS_REST_URL: bridge.url,
      UPSTASH_REDIS_REST_TOKEN: bridge.token,
      DATA_DIR: dataDir,
    };
    server = await startServer(settings, { asFunctions });
    const { url } = server;
    expect((await postPicture(url, await smallPicture())).status).toBe(200);
    await expect
      .poll(async () => (await statistics(url)).totals.predictions, {
        timeout: 15_000,
        interval: 500,
      })
      .toBe(1);
    expect(existsSync(dataDir)).toBe(false);
    expect(server.output()).not.toContain('"level":"error"');
  },
);

/** Bytes of a route's bundle: itself and all it was traced to need. */
async function tracedBytes(trace: string): Promise<number> {
  const { files } = JSON.parse(await readFile(trace, 'utf8')) as { files: string[] };
  const sizes = files.map((file) => stat(path.resolve(path.dirname(trace), file)));
  return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0);
}

test('every route fits into a function', async () => {
  const entries = await readdir(TRACES, { recursive: true });
  const traces = entries.filter((file) => file.endsWith('route.js.nft.json'));
  expect(traces).toContain(path.join('api', '[[...path]]', 'route.js.nft.json'));
  const sizes = await Promise.all(
    traces.map(async (file) => [file, await tracedBytes(path.join(TRACES, file))] as const),
  );
  expect(sizes.filter(([, bytes]) => bytes > LIMIT_BYTES)).toEqual([]);
});

test('without a proxy every answer is 503 with the reason and a request id', async () => {
  server = await startServer({ TRUSTED_PROXIES: '0' }, { asFunctions: true, untilReady: false });
  const { output } = server;
  const response = await fetch(`${server.url}/api/health`);
  expect(response.status).toBe(503);
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(await response.json()).toMatchObject({ type: 'not-ready', instance: '/api/health' });
  // What a process has written comes by another way than its answers.
  await expect.poll(output).toContain('TRUSTED_PROXIES=0: expected at least 1');
});
