/** The store takes no writes, for every reason there is: predictions go on, lights tell, totals hold. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keysCommand, makeKey, postPicture, smallPicture, statistics } from '../../harness/client';
import { LIGHTS_WITHIN_MS, logLines, storeLights } from '../lights';
import { startRedis, type TestRedis } from '../../harness/redis';
import { startServer, type TestServer } from '../../harness/server';
import { canMount, mountSmallDisk, type SmallDisk } from '../small-disk';

const ONE_WORKER = { INFERENCE_WORKERS: '1' };
const LIGHTS = { timeout: LIGHTS_WITHIN_MS, interval: 100 };

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
    expect(logLines(server.output(), 'the store is back')).toHaveLength(1);
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

  test('refuses writes, for one reason after the other: told, nothing failed, nothing lost', async () => {
    server = await startServer({ ...ONE_WORKER, REDIS_URL: redis.url });
    for (const { reason, begin, end } of FAULTS) {
      await expect.poll(lights, LIGHTS).toBe('ok 0');
      expect(await predict(5)).toEqual([200]);
      await begin();
      await expect.poll(lights, LIGHTS).toMatch(reason);
      expect(await predict(5)).toEqual([200]);
      await end();
    }
    await expect.poll(lights, LIGHTS).toBe('ok 0');
    await expect.poll(predictions, { timeout: 10_000 }).toBe(10 * FAULTS.length);
    const gone = logLines(server.output(), 'the store takes no writes');
    expect(gone).toHaveLength(FAULTS.length);
    expect(logLines(server.output(), 'the store is back')).toHaveLength(FAULTS.length);
  });

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
