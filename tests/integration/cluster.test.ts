import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCluster, type Cluster, type Replica } from '../../scripts/cluster/cluster';
import { makeKey, postPicture, roomInWindow, smallPicture, statistics } from '../../harness/client';

/** nginx passes over a replica that did not answer for `fail_timeout` of deploy/nginx.conf. */
const PASSED_OVER_MS = 1_500;
const LIMIT = 60;
const PAUSE_MS = 80;
/** Three servers start beside a load, on as few processors as there may be. */
const RESTARTS_TIMEOUT_MS = 180_000;

let cluster: Cluster;
let key: string;

beforeAll(async () => {
  cluster = await startCluster({
    replicas: 3,
    settings: { INFERENCE_WORKERS: '1', PREDICT_PER_MINUTE: String(LIMIT), CACHE_ENTRIES: '0' },
  });
  const plenty = ['--name', 'load', '--predict-per-minute', '1000000'];
  key = await makeKey({ REDIS_URL: cluster.redisUrl }, ...plenty);
});

afterAll(() => cluster.stop());

interface Load {
  readonly failures: string[];
  /** Waits for so many more answers. */
  readonly more: (count: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Steady, and less than the replicas can do: predictions and reads in turn. */
function load(pictures: readonly Buffer[], lanes = 4): Load {
  const failures: string[] = [];
  let count = 0;
  let stopped = false;
  const lane = async (number: number) => {
    for (let turn = number; !stopped; turn++) {
      const isRead = turn % 5 === 0;
      const answer = isRead
        ? fetch(`${cluster.url}/api/models`)
        : postPicture(cluster.url, pictures[turn % pictures.length]!, { 'x-api-key': key });
      const outcome = await answer.then(describeAnswer, (error: Error) => String(error.cause));
      if (outcome !== '200') failures.push(outcome);
      count++;
      await sleep(PAUSE_MS);
    }
  };
  const done = Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  const more = (wanted: number) => {
    const goal = count + wanted;
    return expect.poll(() => count, { timeout: 20_000 }).toBeGreaterThanOrEqual(goal);
  };
  return {
    failures,
    more,
    stop: async () => {
      stopped = true;
      await done;
    },
  };
}

async function describeAnswer(response: Response): Promise<string> {
  const body = await response.text();
  return response.status === 200 ? '200' : `${response.status} ${body.slice(0, 200)}`;
}

interface LoggedPrediction {
  readonly status: number;
  /** Every replica that was asked, in order. */
  readonly asked: string[];
}

/** What nginx wrote of predictions. */
async function predictions(): Promise<LoggedPrediction[]> {
  const text = await readFile(path.join(cluster.folder, 'access.log'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { path: string; status: number; replica: string })
    .filter((line) => line.path === '/api/predict')
    .map(({ status, replica }) => ({ status, asked: replica.split(/, | : /) }));
}

/** How many replicas gave the last answers. */
async function answering(last: number): Promise<number> {
  const answers = (await predictions()).slice(-last);
  return new Set(answers.map(({ asked }) => asked.at(-1))).size;
}

function pictures(count: number): Promise<Buffer[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => smallPicture(i)));
}

/** So many answers while one replica is down. */
async function restart(replica: Replica, { more }: Load, meanwhile: number): Promise<void> {
  await replica.stop();
  await more(meanwhile);
  await replica.start();
  // Until nginx asks it again; else the last of a round could leave nobody to ask.
  await sleep(PASSED_OVER_MS);
}

/** From another address than other requests, as another visitor. */
function predictFrom(localAddress: string, picture: Buffer, forwardedFor: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'image/jpeg', 'X-Forwarded-For': forwardedFor };
    const options = { method: 'POST', localAddress, headers, agent: false } as const;
    request(`${cluster.url}/api/predict`, options, (response) => {
      response.resume().once('end', () => resolve(response.statusCode!));
    })
      .once('error', reject)
      .end(picture);
  });
}

test('all replicas answer', async () => {
  const steady = load(await pictures(8));
  await steady.more(60);
  await steady.stop();
  expect(steady.failures).toEqual([]);
  expect(await answering(40)).toBe(3);
});

test(
  'each is restarted in turn: no request fails, and all are counted',
  { timeout: RESTARTS_TIMEOUT_MS },
  async () => {
    const steady = load(await pictures(8));
    await steady.more(20);
    for (const replica of cluster.replicas) await restart(replica, steady, 40);
    await steady.more(60);
    await steady.stop();
    expect(steady.failures).toEqual([]);
    expect(await answering(40)).toBe(3);

    const answered = await predictions();
    const received = answered.filter(({ status }) => status === 200).length;
    const asked = answered.flatMap((prediction) => prediction.asked).length;
    // Each replica sends what it counted twice a second, and computes anew every five.
    const counted = async () => (await statistics(cluster.url)).totals.predictions;
    await expect.poll(counted, { timeout: 15_000, interval: 500 }).toBeGreaterThanOrEqual(received);
    expect(await counted()).toBeLessThanOrEqual(asked);
  },
);

test('a visitor has one quota on all replicas, whatever X-Forwarded-For he sends', async () => {
  await roomInWindow(30_000);
  const picture = await smallPicture(1);
  const asked = Array.from({ length: LIMIT + 10 }, (_, i) =>
    predictFrom('127.0.0.2', picture, `192.0.2.${i}`),
  );
  const statuses = await Promise.all(asked);
  expect(statuses.filter((status) => status === 200)).toHaveLength(LIMIT);
  expect(statuses.filter((status) => status === 429)).toHaveLength(10);
  expect(await predictFrom('127.0.0.3', picture, '127.0.0.2')).toBe(200);
});

test('a replica is killed, and another answers its open requests', async () => {
  const steady = load(await pictures(8));
  await steady.more(20);
  const [killed] = cluster.replicas as [Replica];
  await killed.kill();
  await steady.more(60);
  await steady.stop();
  // All of these may be asked twice.
  expect(steady.failures).toEqual([]);
});
