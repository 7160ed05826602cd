/** What npm run cluster does beside starting: replicas that die come back, and data is kept. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startCluster, type Cluster } from '../../scripts/cluster/cluster';
import { supervise } from '../../scripts/cluster/supervise';
import { makeKey, postPicture, smallPicture, statistics } from '../../harness/client';

const AGAIN_TIMEOUT_MS = 30_000;

let folder: string;
let cluster: Cluster | undefined;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sightline-kept-'));
});

afterEach(async () => {
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

const start = () => startCluster({ replicas: 1, folder, settings: { INFERENCE_WORKERS: '1' } });

test('a replica that dies is reported and started again, and its log is kept', async () => {
  cluster = await start();
  const [replica] = cluster.replicas;
  const { pid } = replica!;
  const reports: string[] = [];
  const stop = supervise(cluster.replicas, (line) => reports.push(line), 10);
  process.kill(pid, 'SIGKILL');
  await expect
    .poll(() => reports.at(-1), { timeout: AGAIN_TIMEOUT_MS })
    .toMatch(/^replica 1 runs again \(process \d+\)$/);
  expect(reports[0]).toBe(
    `replica 1 (process ${pid}) has ended with SIGKILL; its log: ${replica!.logFile}`,
  );
  expect(replica!.pid).not.toBe(pid);
  expect((await postPicture(replica!.url, await smallPicture())).status).toBe(200);
  stop();
  await cluster.stop();
  cluster = undefined;
  const log = await readFile(replica!.logFile, 'utf8');
  expect(log.match(/"msg":"starting"/g)).toHaveLength(2);
});

test('a folder that is kept brings keys and counts up again', async () => {
  cluster = await start();
  const key = await makeKey({ REDIS_URL: cluster.redisUrl }, '--name', 'kept');
  expect((await postPicture(cluster.url, await smallPicture())).status).toBe(200);
  await cluster.stop();
  cluster = await start();
  const again = await postPicture(cluster.url, await smallPicture(1), { 'x-api-key': key });
  expect(again.status).toBe(200);
  const counted = async () => (await statistics(cluster!.url)).totals.predictions;
  await expect.poll(counted, { timeout: AGAIN_TIMEOUT_MS }).toBe(2);
});
