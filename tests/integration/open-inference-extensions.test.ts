/** What Open Inference clients ask beside an inference, and KServe's protocol v1. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  oipErrorSchema,
  oipIndexSchema,
  oipModelConfigSchema,
  oipServerSchema,
  oipStatisticsSchema,
} from '@/lib/shared/contract/open-inference';
import { v1ResponseSchema } from '@/lib/shared/contract/kserve-v1';
import { predictResponseSchema } from '@/lib/shared/contract/predict';
import { postPicture } from '../../harness/client';
import { startServer, type TestServer } from '../../harness/server';

const MODEL = 'tiny-imagenet-200';

let server: TestServer;
let espresso: Buffer;
let cat: Buffer;

beforeAll(async () => {
  server = await startServer();
  [espresso, cat] = (await Promise.all(
    ['espresso', 'cat'].map((name) => readFile(`public/samples/${name}.png`)),
  )) as [Buffer, Buffer];
});

afterAll(() => server.stop());

const get = (where: string) => fetch(`${server.url}${where}`);
const post = (where: string, body: unknown) =>
  fetch(`${server.url}${where}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

async function stats(where: string) {
  const { model_stats: all } = oipStatisticsSchema.parse(await (await get(where)).json());
  return all;
}

test('the extensions that are listed are those whose addresses answer', async () => {
  const { extensions } = oipServerSchema.parse(await (await get('/v2')).json());
  expect(extensions).toEqual([
    'binary_tensor_data',
    'classification',
    'statistics',
    'model_configuration',
  ]);
  const config = await get(`/v2/models/${MODEL}/config`);
  expect(oipModelConfigSchema.parse(await config.json())).toMatchObject({
    name: MODEL,
    max_batch_size: 32,
  });
});

test('statistics count answers, runs, hits and failures', async () => {
  const [before] = await stats(`/v2/models/${MODEL}/stats`);
  for (const picture of [espresso, espresso]) await postPicture(server.url, picture);
  await postPicture(server.url, espresso.subarray(0, 2000));
  const [after] = await stats('/v2/models/stats');
  const grown = (name: keyof NonNullable<typeof after>['inference_stats']) =>
    after!.inference_stats[name].count - before!.inference_stats[name].count;
  expect(after!.inference_count - before!.inference_count).toBe(2);
  expect(after!.execution_count - before!.execution_count).toBe(1);
  expect([grown('success'), grown('cache_hit'), grown('cache_miss'), grown('fail')]).toEqual([
    2, 1, 1, 1,
  ]);
  expect(after!.inference_stats.compute_infer.ns).toBeGreaterThan(0);
  expect(after!.last_inference).toBeGreaterThan(Date.now() - 60_000);
});

test('a tensor of three rows is one run and three answers', async () => {
  const [before] = await stats(`/v2/models/${MODEL}/stats`);
  const shape = [3, 3, 64, 64];
  const data = Array.from({ length: 3 * 3 * 64 * 64 }, (_, i) => (i % 9) / 9);
  const inputs = [{ name: 'pixel_values', datatype: 'FP32', shape, data }];
  expect((await post(`/v2/models/${MODEL}/infer`, { inputs })).status).toBe(200);
  const [after] = await stats(`/v2/models/${MODEL}/stats`);
  expect([
    after!.inference_count - before!.inference_count,
    after!.execution_count - before!.execution_count,
  ]).toEqual([3, 1]);
});

test('the index of the repository names what is ready', async () => {
  const index = oipIndexSchema.parse(await (await post('/v2/repository/index', {})).json());
  expect(index).toContainEqual({
    name: MODEL,
    version: expect.any(String) as string,
    state: 'READY',
    reason: '',
  });
  const bare = await fetch(`${server.url}/v2/repository/index`, { method: 'POST' });
  expect(await bare.json()).toEqual(index);
});

test.each([
  ['/v2/systemsharedmemory/status', 'shared memory'],
  ['/v2/trace/setting', 'trace'],
])('%s is refused by name', async (where, name) => {
  const response = await get(where);
  expect(response.status).toBe(404);
  expect(oipErrorSchema.parse(await response.json()).error).toContain(`"${name}"`);
});

describe('protocol v1', () => {
  const predict = (instances: unknown[]) => post(`/v1/models/${MODEL}:predict`, { instances });

  test('names the models, and says that one is ready', async () => {
    expect(await (await get('/v1/models')).json()).toMatchObject({
      models: expect.arrayContaining([MODEL]) as string[],
    });
    expect(await (await get(`/v1/models/${MODEL}`)).json()).toEqual({ name: MODEL, ready: true });
  });

  test('ranks pictures as /api/predict does, in order', async () => {
    const [first, second] = [espresso, cat].map((picture) => picture.toString('base64'));
    const response = await predict([{ b64: first }, { image_bytes: { b64: second } }, first]);
    expect(response.status).toBe(200);
    const { predictions } = v1ResponseSchema.parse(await response.json());
    expect(predictions.map(({ length }) => length)).toEqual([5, 5, 5]);
    expect(predictions[2]).toEqual(predictions[0]);
    const asked = [espresso, cat].map(async (picture) =>
      predictResponseSchema.parse(await (await postPicture(server.url, picture)).json()),
    );
    (await Promise.all(asked)).forEach((own, row) => {
      own.predictions.forEach(({ index, score }, place) => {
        expect(predictions[row]![place]!.index).toBe(index);
        expect(predictions[row]![place]!.score).toBeCloseTo(score, 5);
      });
    });
  });

  test('takes the model’s own input as nested numbers', async () => {
    const plane = Array.from({ length: 64 }, (_, y) => Array.from({ length: 64 }, () => y / 64));
    const response = await predict([
      [plane, plane, plane],
      [plane, plane, plane],
    ]);
    expect(response.status).toBe(200);
    const { predictions } = v1ResponseSchema.parse(await response.json());
    expect(predictions).toHaveLength(2);
    expect(predictions[1]![0]!.index).toBe(predictions[0]![0]!.index);
  });

  test.each([
    ['no instances', { instances: [] }, 400, /instances/],
    ['an instance that is no picture', { instances: [{ x: 1 }] }, 400, /Instance 0/],
    ['numbers of another shape', { instances: [[1, 2, 3]] }, 400, /shape/],
    ['pictures and numbers', { instances: [[[1]], 'AAAA'] }, 400, /./],
    ['text instead of a picture', { instances: ['aGVsbG8='] }, 415, /./],
  ])('refuses %s', async (_, body, status, message) => {
    const response = await post(`/v1/models/${MODEL}:predict`, body);
    expect(response.status).toBe(status);
    expect(oipErrorSchema.parse(await response.json()).error).toMatch(message);
  });
});
