/** `prepared` of /api/predict: the pixels that the model sees instead of the whole picture. */
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { batchResponseSchema } from '@/lib/shared/contract/batch';
import { modelSummarySchema, type ModelSummary } from '@/lib/shared/contract/models';
import { predictResponseSchema, type PredictResponse } from '@/lib/shared/contract/predict';
import { problemSchema, type Problem } from '@/lib/shared/contract/problems';
import { preparePicture } from '@/lib/shared/vision/prepared';
import { startServer, type TestServer } from '../../harness/server';

const NOWHERE = '000000000000';

let server: TestServer;
let model: ModelSummary;
let espresso: Buffer;
let prepared: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  server = await startServer();
  model = await readModel('tiny-imagenet-200');
  espresso = await readFile('public/samples/espresso.png');
  prepared = await prepare(espresso);
});

afterAll(() => server.stop());

async function readModel(id: string, { url } = server): Promise<ModelSummary> {
  return modelSummarySchema.parse(await (await fetch(`${url}/api/models/${id}`)).json());
}

async function prepare(bytes: Buffer): Promise<Uint8Array<ArrayBuffer>> {
  const { data, info } = await sharp(bytes)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const image = { ...info, data: new Uint8Array(data), channels: 3 as const };
  return preparePicture(image, model.preprocessing);
}

function ask(bytes: Uint8Array<ArrayBuffer>, query: string, { url } = server): Promise<Response> {
  const headers = { 'Content-Type': 'application/octet-stream' };
  return fetch(`${url}/api/predict?${query}`, { method: 'POST', headers, body: bytes });
}

async function answer(response: Promise<Response>): Promise<PredictResponse> {
  return predictResponseSchema.parse(await (await response).json());
}

async function problem(response: Promise<Response>): Promise<Problem> {
  return problemSchema.parse(await (await response).json());
}

const current = () => `prepared=${model.preprocessing.version}`;

test('a model tells its version, size and channels', () => {
  expect(model.preprocessing).toMatchObject({ width: 64, height: 64, channels: 3 });
  expect(model.preprocessing.version).toMatch(/^[0-9a-f]{12}$/);
});

describe('a prepared picture', () => {
  test('gets the answer of the whole one, out of the cache the next time', async () => {
    const whole = await answer(ask(new Uint8Array(espresso), 'topK=200'));
    const first = await answer(ask(prepared, `topK=200&${current()}`));
    expect(first.predictions).toEqual(whole.predictions);
    expect(first.uncertain).toBe(whole.uncertain);
    expect(first).toMatchObject({
      cached: false,
      image: { width: 64, height: 64, format: 'png', prepared: true },
    });
    expect(whole.image.prepared).toBe(undefined);
    const again = await answer(ask(prepared, current()));
    expect(again).toMatchObject({ cached: true, image: { prepared: true } });
  });

  test('of the same picture in another file is the same request', async () => {
    const cat = await readFile('public/samples/cat.png');
    await answer(ask(await prepare(cat), current()));
    const other = await sharp(cat).webp({ lossless: true }).toBuffer();
    const again = await answer(ask(await prepare(other), current()));
    expect(again.cached).toBe(true);
  });

  test('is explained, over the whole of what was sent', async () => {
    const whole = await answer(ask(new Uint8Array(espresso), 'explain=true'));
    const explained = await answer(ask(prepared, `explain=true&${current()}`));
    expect(explained.explanation).toEqual(whole.explanation);
  });

  test('of an older version is refused with the current one', async () => {
    const refused = await problem(ask(prepared, `prepared=${NOWHERE}`));
    expect(refused).toMatchObject({
      status: 409,
      type: 'stale-preparation',
      expected: model.preprocessing.version,
      received: NOWHERE,
    });
  });

  test('of another size is refused with both', async () => {
    const png = await sharp(prepared).resize(63, 64).png().toBuffer();
    const refused = await problem(ask(new Uint8Array(png), current()));
    expect(refused).toMatchObject({
      status: 422,
      type: 'wrong-size',
      expected: '64 × 64 pixels',
      received: '63 × 64 pixels',
    });
  });

  test('in another format is refused', async () => {
    const jpeg = await sharp(prepared).jpeg().toBuffer();
    const refused = await problem(ask(new Uint8Array(jpeg), current()));
    expect(refused).toMatchObject({
      status: 415,
      type: 'unsupported-image',
      expected: 'image/png',
      received: 'image/jpeg',
    });
  });
});

test('a batch takes them, and refuses one by one', async () => {
  const form = new FormData();
  form.append('images', new Blob([prepared]), 'right.png');
  const large = await sharp(prepared).resize(65, 65).png().toBuffer();
  form.append('images', new Blob([new Uint8Array(large)]), 'large.png');
  const url = `${server.url}/api/predict/batch?${current()}`;
  const response = await fetch(url, { method: 'POST', body: form });
  const { results } = batchResponseSchema.parse(await response.json());
  expect(results).toMatchObject([
    { name: 'right.png', status: 200, image: { prepared: true } },
    { name: 'large.png', status: 422, problem: { type: 'wrong-size' } },
  ]);
});

test('a batch of an older version is refused whole', async () => {
  const form = new FormData();
  form.append('images', new Blob([prepared]), 'right.png');
  const url = `${server.url}/api/predict/batch?prepared=${NOWHERE}`;
  const refused = await problem(fetch(url, { method: 'POST', body: form }));
  expect(refused).toMatchObject({ status: 409, type: 'stale-preparation' });
});
