import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  postPicture,
  rateLimit,
  roomInWindow,
  smallPicture,
  statistics,
} from '../../harness/client';
import { startRedis, type TestRedis } from '../../harness/redis';
import { startServer, type TestServer } from '../../harness/server';

let redis: TestRedis;
let replicas: TestServer[];

beforeAll(async () => {
  redis = await startRedis();
  const settings = { REDIS_URL: redis.url, PREDICT_PER_MINUTE: '40', INFERENCE_WORKERS: '1' };
  replicas = await Promise.all([startServer(settings), startServer(settings)]);
});

afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()));
  await redis.stop();
});

test('two processes on one Redis share quota, cache and statistics', async () => {
  const [one, other] = replicas as [TestServer, TestServer];
  const picture = await smallPicture(1);
  await roomInWindow(30_000);

  const first = await postPicture(one.url, picture);
  expect([first.headers.get('x-cache'), rateLimit(first).left]).toEqual(['MISS', 39]);
  const answer = (await first.json()) as { predictions: object };
  // The answer is on its way to Redis when the first is sent.
  const second = await expectHit(other.url, picture);
  const left = rateLimit(second.response).left;
  expect(left).toBe(39 - second.asked);
  expect(await second.response.json()).toMatchObject({
    cached: true,
    predictions: answer.predictions,
  });

  const rest = await Promise.all(
    Array.from({ length: left + 5 }, (_, i) => postPicture(replicas[i % 2]!.url, picture)),
  );
  expect(rest.filter(({ status }) => status === 200)).toHaveLength(left);
  expect(rest.filter(({ status }) => status === 429)).toHaveLength(5);

  // Each replica sends what it counted twice a second, and computes anew every five.
  const counted = async (url: string) => {
    const { predictions, limited } = (await statistics(url)).totals;
    return { predictions, limited };
  };
  for (const { url } of replicas) {
    await expect
      .poll(() => counted(url), { timeout: 15_000, interval: 500 })
      .toEqual({ predictions: 40, limited: 5 });
  }
});

async function expectHit(
  url: string,
  picture: Buffer,
): Promise<{ response: Response; asked: number }> {
  for (let asked = 1; asked <= 10; asked++) {
    const response = await postPicture(url, picture);
    if (response.headers.get('x-cache') === 'HIT') return { response, asked };
  }
  throw new Error('expected an answer out of the shared cache within 10 requests');
}
