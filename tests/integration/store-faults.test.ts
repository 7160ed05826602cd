/** The store takes no writes, for every reason there is: predictions go on, lights tell, totals hold. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keysCommand, makeKey, postPicture, smallPicture, statistics } from '../../harness/client';
import { LIGHTS_WITHIN_MS, logLines, storeLights } from '../lights';
import { startBridge, startRedis, type TestRedis } from '../../harness/redis';
import { startRedisCluster } from '../../harness/redis-cluster';
import { startRelay } from '../relay';
import { startServer, type TestServer } from '../../harness/server';
import { canMount, mountSmallDisk, type SmallDisk } from '../small-disk';

const ONE_WORKER = { INFERENCE_WORKERS: '1' };
const LIGHTS = { timeout: LIGHTS_WITHIN_MS, interval: 100 };
/** Over REST a store that seems well is asked every half minute, because asking is billed. */
const REST_LIGHTS = { timeout: 35_000, interval: 500 };
/** Pictures before and after a fault has begun; none of a server that nobody asks anything. */
const LOADS = [
  ['asked', 5],
  ['idle', 0],
] as const;

let server: TestServer;
let asked: number;

beforeEach(() => {
  asked = 0;
});

/** New pictures: none is found, so that each goes all the way. */
async function predict(count: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < count; i++) {
    const response = await postPicture(server.url, await smallPicture(asked++));
    await response.arrayBuffer();
    statuses.push(response.status);
  }
  return [...new Set(statuses)];
}

const lights = () => storeLights(server.url);

/** How often the log says so. It is written in batches, so a line can come after its light. */
const told = (message: string) => () => logLines(server.output(), message).length;
const predictions = async () => (await statistics(server.url)).totals.predictions;

describe('a file under DATA_DIR', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sightline-faults-'));
  });

  afterEach(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('deleted while nobody asks: told, and written again once its folder is back', async () => {
    const dataDir = path.join(folder, 'data');
    server = await startServer({ ...ONE_WORKER, DATA_DIR: dataDir });
    await expect.poll(lights, LIGHTS).toBe('ok 0');
    await rm(dataDir, { recursive: true });
    await expect.poll(lights, LIGHTS).toMatch(/^degraded 1 .*sightline\.db is gone/);
    await mkdir(dataDir);
    await expect.poll(lights, LIGHTS).toBe('ok 0');
    await rm(path.join(dataDir, 'sightline.db'));
    const rewritten = () =>
      logLines(server.output(), 'the database was written again from the open one');
    await expect.poll(rewritten, LIGHTS).toHaveLength(2);
    expect(await readdir(dataDir)).toContain('sightline.db');
    await expect.poll(lights, LIGHTS).toBe('ok 0');
  });

  test('deleted with its folder: named, kept, and written again once the folder is back', async () => {
    const dataDir = path.join(folder, 'data');
    server = await startServer({ ...ONE_WORKER, DATA_DIR: dataDir });
    const key = await makeKey({ DATA_DIR: dataDir }, '--name', 'kept');
    expect(await predict(5)).toEqual([200]);
    await rm(dataDir, { recursive: true });
    await expect.poll(lights, LIGHTS).toMatch(/^degraded 1 .*sightline\.db is gone/);
    expect(await predict(5)).toEqual([200]);
    expect(await statistics(server.url)).toMatchObject({ partial: true });
    await mkdir(dataDir);
    await expect.poll(lights, LIGHTS).toBe('ok 0');
    expect(await predict(5)).toEqual([200]);
    expect(await predictions()).toBe(15);
    expect((await postPicture(server.url, await smallPicture(), { 'x-api-key': key })).status).toBe(
      200,
    );
    expect(await keysCommand({ DATA_DIR: dataDir }, 'list')).toContain('kept');
    const [gone] = logLines(server.output(), 'the store takes no writes');
    expect(gone).toMatchObject({ file: path.join(dataDir, 'sightline.db') });
    await expect.poll(told('the store is back')).toBe(1);
  });

  test('damaged: named with its path, predictions go on, a restored one is taken at once', async () => {
    const file = path.join(folder, 'sightline.db');
    server = await startServer({ ...ONE_WORKER, DATA_DIR: folder });
    expect(await predict(3)).toEqual([200]);
    await server.stop();
    const sound = await readFile(file);
    await writeFile(file, Buffer.from('no database at all '.repeat(500)));

    server = await startServer({ ...ONE_WORKER, DATA_DIR: folder });
    await expect.poll(lights, LIGHTS).toMatch(/^degraded 1 .*sightline\.db is damaged: move/);
    expect(await predict(4)).toEqual([200]);
    const [gone] = logLines(server.output(), 'the store takes no writes');
    expect(gone).toMatchObject({ file });
    await expect(keysCommand({ DATA_DIR: folder }, 'list')).rejects.toThrow(/sightline\.db/);

    await rm(file);
    await writeFile(file, sound);
    await expect.poll(lights, LIGHTS).toBe('ok 0');
    expect(await predictions()).toBe(7);
  });

  test('a clean stop leaves that file alone', async () => {
    server = await startServer({ ...ONE_WORKER, DATA_DIR: folder });
    expect(await predict(3)).toEqual([200]);
    await server.stop();
    expect(await readdir(folder)).toEqual(['sightline.db']);
  });
});

describe.skipIf(!canMount())('a full disk (skipped where no file system may be mounted)', () => {
  let disk: SmallDisk;

  beforeEach(() => {
    disk = mountSmallDisk();
  });

  afterEach(async () => {
    await server.stop();
    disk.remove();
  });

  test('is told, costs nobody an answer, and no count', async () => {
    server = await startServer({ ...ONE_WORKER, DATA_DIR: disk.folder });
    expect(await predict(5)).toEqual([200]);
    disk.fill();
    await predict(1);
    await expect.poll(lights, LIGHTS).toMatch(/^degraded 1 .*the disk under DATA_DIR is full/);
    expect(await predict(20)).toEqual([200]);
    disk.free();
    await expect.poll(lights, LIGHTS).toBe('ok 0');
    expect(await predictions()).toBe(26);
  });

  test('is told while nobody asks', async () => {
    server = await startServer({ ...ONE_WORKER, DATA_DIR: disk.folder });
    await expect.poll(lights, LIGHTS).toBe('ok 0');
    disk.fill();
    await expect.poll(lights, LIGHTS).toMatch(/^degraded 1 .*the disk under DATA_DIR is full/);
    disk.free();
    await expect.poll(lights, LIGHTS).toBe('ok 0');
    await expect.poll(told('the store takes no writes')).toBe(1);
    await expect.poll(told('the store is back')).toBe(1);
  });

  test('read-only from the start: told while nobody asks, and opened once it takes writes', async () => {
    disk.remount('ro');
    server = await startServer({ ...ONE_WORKER, DATA_DIR: disk.folder });
    await expect.poll(lights, LIGHTS).toMatch(/^degraded 1 .*sightline\.db/);
    disk.remount('rw');
    await expect.poll(lights, LIGHTS).toBe('ok 0');
  });

  test('at the end: the log says how many counts are lost', async () => {
    server = await startServer({ ...ONE_WORKER, DATA_DIR: disk.folder });
    disk.fill();
    await predict(3);
    await expect.poll(lights, LIGHTS).toMatch(/^degraded 1/);
    await server.stop();
    const [lost] = logLines(server.output(), 'counts that the store did not take are lost');
    expect(lost!.counts).toBeGreaterThan(0);
  });
});

describe('Redis', () => {
  let redis: TestRedis;
  let admin: Redis;

  beforeEach(async () => {
    redis = await startRedis();
    admin = new Redis(redis.url);
  });

  afterEach(async () => {
    admin.disconnect();
    await server.stop();
    await redis.stop();
  });

  const FAULTS: readonly {
    reason: RegExp;
    begin: () => Promise<unknown>;
    end: () => Promise<unknown>;
  }[] = [
    {
      reason: /^degraded 1 .*reached its maxmemory.*OOM/,
      begin: () => admin.config('SET', 'maxmemory', '1'),
      end: () => admin.config('SET', 'maxmemory', '0'),
    },
    {
      reason: /^degraded 1 .*read-only replica.*READONLY/,
      begin: () => admin.replicaof('127.0.0.1', 1),
      end: () => admin.replicaof('NO', 'ONE'),
    },
    {
      reason: /^degraded 1 .*without enough replicas.*NOREPLICAS/,
      begin: () => admin.config('SET', 'min-replicas-to-write', '1'),
      end: () => admin.config('SET', 'min-replicas-to-write', '0'),
    },
    {
      reason: /^degraded 1 .*wants a password.*NOAUTH/,
      begin: async () => {
        await admin.config('SET', 'requirepass', 'secret');
        await admin.client('KILL', 'TYPE', 'normal');
      },
      end: () => admin.config('SET', 'requirepass', ''),
    },
  ];

  test.each(LOADS)(
    'refuses writes, %s, for one reason after the other: told, nothing lost',
    async (_, count) => {
      server = await startServer({ ...ONE_WORKER, REDIS_URL: redis.url });
      const answers = count > 0 ? [200] : [];
      for (const { reason, begin, end } of FAULTS) {
        await expect.poll(lights, LIGHTS).toBe('ok 0');
        expect(await predict(count)).toEqual(answers);
        await begin();
        await expect.poll(lights, LIGHTS).toMatch(reason);
        expect(await predict(count)).toEqual(answers);
        await end();
      }
      await expect.poll(lights, LIGHTS).toBe('ok 0');
      await expect.poll(predictions, { timeout: 10_000 }).toBe(2 * count * FAULTS.length);
      await expect.poll(told('the store takes no writes')).toBe(FAULTS.length);
      await expect.poll(told('the store is back')).toBe(FAULTS.length);
    },
  );

  test('stops, hangs, or is reached by a connection that leads nowhere: told while nobody asks', async () => {
    const relay = await startRelay(redis.port);
    server = await startServer({ ...ONE_WORKER, REDIS_URL: `redis://127.0.0.1:${relay.port}` });
    await expect.poll(lights, LIGHTS).toBe('ok 0');
    process.kill(redis.pid, 'SIGSTOP');
    await expect.poll(lights, LIGHTS).toMatch(/^degraded 1/);
    process.kill(redis.pid, 'SIGCONT');
    await expect.poll(lights, LIGHTS).toBe('ok 0');
    // As after a fail-over without a word: only a new connection leads anywhere.
    relay.forsake();
    await expect.poll(lights, LIGHTS).toMatch(/^degraded 1/);
    await expect.poll(lights, LIGHTS).toBe('ok 0');
    await redis.stop();
    await expect.poll(lights, LIGHTS).toMatch(/^degraded 1/);
    redis = await startRedis(redis.port);
    await expect.poll(lights, LIGHTS).toBe('ok 0');
    await relay.stop();
  });

  test('answers a newer clock: a replica whose clock is behind sees its writes refused', async () => {
    server = await startServer({ ...ONE_WORKER, REDIS_URL: redis.url });
    await expect.poll(lights, LIGHTS).toBe('ok 0');
    await admin.set('sightline:probe', Date.now() + 3_600_000);
    await admin.config('SET', 'maxmemory', '1');
    await expect.poll(lights, LIGHTS).toMatch(/^degraded 1 .*OOM/);
  });

  test('may not be read: told while nobody asks any more, until it may', async () => {
    server = await startServer({ ...ONE_WORKER, REDIS_URL: redis.url });
    const key = await makeKey({ REDIS_URL: redis.url }, '--name', 'read');
    await expect.poll(lights, LIGHTS).toBe('ok 0');
    await admin.call('ACL', 'SETUSER', 'default', '-hget');
    const picture = await smallPicture();
    const asked = () => postPicture(server.url, picture, { 'x-api-key': key });
    // By the quota of its address, because nobody can say whose the key is.
    expect((await asked()).status).toBe(200);
    await expect.poll(lights, LIGHTS).toMatch(/^degraded 1 cannot be read: .*NOPERM/);
    await admin.call('ACL', 'SETUSER', 'default', '+hget');
    await expect.poll(lights, LIGHTS).toBe('ok 0');
    await expect.poll(told('the store cannot be read')).toBe(1);
    await expect.poll(told('the store can be read again')).toBe(1);
  });

  test(
    'over REST: told within the time that is documented, though nobody asks',
    { timeout: 120_000 },
    async () => {
      const bridge = await startBridge(redis.url);
      server = await startServer({
        ...ONE_WORKER,
        UPSTASH_REDIS_REST_URL: bridge.url,
        UPSTASH_REDIS_REST_TOKEN: bridge.token,
      });
      await expect.poll(lights, LIGHTS).toBe('ok 0');
      await admin.config('SET', 'maxmemory', '1');
      await expect.poll(lights, REST_LIGHTS).toMatch(/^degraded 1 .*OOM/);
      await admin.config('SET', 'maxmemory', '0');
      await expect.poll(lights, LIGHTS).toBe('ok 0');
      await bridge.stop();
      await expect.poll(lights, REST_LIGHTS).toMatch(/^degraded 1/);
    },
  );

  test('is unavailable when the process ends: counts are kept in DATA_DIR and counted once later', async () => {
    const settings = { ...ONE_WORKER, REDIS_URL: redis.url };
    const dataDir = await mkdtemp(path.join(tmpdir(), 'sightline-spill-'));
    server = await startServer({ ...settings, DATA_DIR: dataDir });
    expect(await predict(3)).toEqual([200]);
    await expect.poll(predictions, { timeout: 10_000 }).toBe(3);
    await admin.replicaof('127.0.0.1', 1);
    await expect.poll(lights, LIGHTS).toMatch(/^degraded 1/);
    expect(await predict(4)).toEqual([200]);
    await server.stop();
    const kept = logLines(
      server.output(),
      'counts that the store did not take are kept in DATA_DIR',
    );
    expect(kept).toHaveLength(1);
    expect((await readdir(dataDir)).length).toBeGreaterThan(0);

    await admin.replicaof('NO', 'ONE');
    server = await startServer({ ...settings, DATA_DIR: dataDir });
    await expect.poll(predictions, { timeout: 10_000 }).toBe(7);
    expect(await readdir(dataDir)).toEqual([]);
    await server.stop();
    await rm(dataDir, { recursive: true });
  });
});

describe('a Redis Cluster', () => {
  test(
    'of which one node refuses writes, or hangs: told while nobody asks, whichever it is',
    { timeout: 120_000 },
    async () => {
      const cluster = await startRedisCluster();
      server = await startServer({ ...ONE_WORKER, REDIS_URL: cluster.url, REDIS_CLUSTER: '1' });
      for (const node of cluster.nodes) {
        await expect.poll(lights, LIGHTS).toBe('ok 0');
        const admin = new Redis(node.url);
        await admin.config('SET', 'maxmemory', '1');
        await expect.poll(lights, LIGHTS).toMatch(/^degraded 1 .*OOM/);
        await admin.config('SET', 'maxmemory', '0');
        await expect.poll(lights, LIGHTS).toBe('ok 0');
        admin.disconnect();
        process.kill(node.pid, 'SIGSTOP');
        await expect.poll(lights, LIGHTS).toMatch(/^degraded 1/);
        process.kill(node.pid, 'SIGCONT');
        await expect.poll(lights, LIGHTS).toBe('ok 0');
      }
      await server.stop();
      await cluster.stop();
    },
  );
});
