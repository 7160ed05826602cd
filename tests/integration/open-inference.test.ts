/** Open Inference Protocol v2, held to our schema of it. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DEFAULT_PICTURE_LIMITS } from '@/lib/shared/picture/rules';
import { decodeImage } from '@/lib/server/intake/decode';
import { readModelFolder } from '@/lib/server/models/folder';
import {
  oipErrorSchema,
  oipModelSchema,
  oipResponseSchema,
  oipServerSchema,
  type OipResponse,
} from '@/lib/shared/contract/open-inference';
import { predictResponseSchema } from '@/lib/shared/contract/predict';
import { imageToTensor } from '@/lib/shared/vision/tensor';
import { postPicture } from '../../harness/client';
import { startServer, type TestServer } from '../../harness/server';

const MODEL = 'tiny-imagenet-200';

let server: TestServer;
let espresso: Buffer;

beforeAll(async () => {
  server = await startServer();
  espresso = await readFile('public/samples/espresso.png');
});

afterAll(() => server.stop());

const get = (where: string) => fetch(`${server.url}${where}`);

function infer(body: unknown, model = MODEL): Promise<Response> {
  return fetch(`${server.url}/v2/models/${model}/infer`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function answer(body: unknown): Promise<OipResponse> {
  const response = await infer(body);
  expect(response.status).toBe(200);
  return oipResponseSchema.parse(await response.json());
}

const pictures = (...data: string[]) => ({
  name: 'image',
  shape: [data.length],
  datatype: 'BYTES',
  data,
});
const floats = (shape: number[], data: unknown[]) => ({
  name: 'pixel_values',
  shape,
  datatype: 'FP32',
  data,
});

/** The values of an output that came in the JSON. */
function numbers(output: OipResponse['outputs'][number] | undefined): number[] {
  return z.array(z.number()).parse(output?.data);
}

function firstIndex(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}

/** The picture as the model takes it, made by the same code as everywhere. */
async function prepared(): Promise<number[]> {
  const { preprocessing } = await readModelFolder(`models/${MODEL}`, MODEL);
  const decoded = await decodeImage(espresso, { ...DEFAULT_PICTURE_LIMITS, timeoutSeconds: 10 });
  expect(decoded.ok).toBe(true);
  return decoded.ok ? Array.from(imageToTensor(decoded.image, preprocessing).data) : [];
}

test('the server and its model say what they are', async () => {
  expect(oipServerSchema.parse(await (await get('/v2')).json()).name).toBe('sightline');
  const model = oipModelSchema.parse(await (await get(`/v2/models/${MODEL}`)).json());
  expect(model.inputs).toEqual([
    { name: 'pixel_values', datatype: 'FP32', shape: [-1, 3, 64, 64] },
    { name: 'image', datatype: 'BYTES', shape: [-1] },
  ]);
  expect(model.outputs.map(({ name }) => name)).toEqual([
    'logits',
    'class_activations',
    'probabilities',
  ]);
  const version = await get(`/v2/models/${MODEL}/versions/${model.versions[0]}`);
  expect(oipModelSchema.parse(await version.json())).toEqual(model);
  expect(await (await get('/v2/health/live')).json()).toEqual({ live: true });
  expect(await (await get('/v2/health/ready')).json()).toEqual({ live: true, ready: true });
  expect(await (await get(`/v2/models/${MODEL}/ready`)).json()).toEqual({
    name: MODEL,
    ready: true,
  });
});

describe('an inference', () => {
  test('with a picture gives what /api/predict gives, every output, and the id', async () => {
    const base64 = espresso.toString('base64');
    const inferred = await answer({ id: '42', inputs: [pictures(base64)] });
    expect(inferred).toMatchObject({ model_name: MODEL, id: '42' });
    const shapes = inferred.outputs.map(({ name, shape }) => [name, shape]);
    expect(shapes).toEqual([
      ['logits', [1, 200]],
      ['class_activations', [1, 200, 8, 8]],
      ['probabilities', [1, 200]],
    ]);
    const predicted = predictResponseSchema.parse(
      await (await postPicture(server.url, espresso)).json(),
    );
    const { index, score } = predicted.predictions[0]!;
    const probabilities = numbers(inferred.outputs[2]);
    expect(firstIndex(probabilities)).toBe(index);
    expect(probabilities[index]).toBeCloseTo(score, 6);
  });

  test('with the prepared tensor gives the same, flat or nested', async () => {
    const data = await prepared();
    const outputs = [{ name: 'logits' }];
    const flat = await answer({ inputs: [floats([1, 3, 64, 64], data)], outputs });
    const rows = (from: number) =>
      Array.from({ length: 64 }, (_, y) => data.slice(from + y * 64, from + (y + 1) * 64));
    const nested = [[rows(0), rows(4096), rows(8192)]];
    const fromNested = await answer({ inputs: [floats([1, 3, 64, 64], nested)], outputs });
    expect(fromNested.outputs).toEqual(flat.outputs);
    const fromPicture = await answer({
      inputs: [pictures(espresso.toString('base64'))],
      outputs,
    });
    const [logits, others] = [numbers(flat.outputs[0]), numbers(fromPicture.outputs[0])];
    expect(logits.map((value, i) => Math.abs(value - others[i]!)).every((d) => d < 1e-4)).toBe(
      true,
    );
    expect(firstIndex(logits)).toBe(firstIndex(others));
  });

  test('with several pictures keeps their order', async () => {
    const cat = await readFile('public/samples/cat.png');
    const data = [espresso, cat, espresso].map((picture) => picture.toString('base64'));
    const outputs = [{ name: 'probabilities' }];
    const { outputs: given } = await answer({ inputs: [pictures(...data)], outputs });
    expect(given).toHaveLength(1);
    expect(given[0]!.shape).toEqual([3, 200]);
    const scores = numbers(given[0]);
    const rows = [0, 1, 2].map((row) => scores.slice(row * 200, (row + 1) * 200));
    expect(rows[0]).toEqual(rows[2]);
    expect(firstIndex(rows[1]!)).not.toBe(firstIndex(rows[0]!));
  });
});

describe('refused with {"error"}', () => {
  const zeros = (count: number) => new Array<number>(count).fill(0);
  const whole = 3 * 64 * 64;
  test.each<[string, unknown, number, RegExp]>([
    ['a wrong shape', { inputs: [floats([1, 3, 63, 64], zeros(9))] }, 400, /shape.*\[-1,3,64,64\]/],
    ['a wrong rank', { inputs: [floats([3, 64, 64], zeros(whole))] }, 400, /shape/],
    ['too little data', { inputs: [floats([1, 3, 64, 64], zeros(9))] }, 400, /12288/],
    ['no picture at all', { inputs: [pictures()] }, 400, /1 to 32/],
    [
      'a wrong datatype',
      { inputs: [{ ...floats([1, 3, 64, 64], zeros(whole)), datatype: 'FP64' }] },
      400,
      /FP32.*FP64/,
    ],
    [
      'an unknown datatype',
      { inputs: [{ ...floats([1, 3, 64, 64], []), datatype: 'FP8' }] },
      400,
      /inputs\.0\.datatype/,
    ],
    [
      'a number no float holds',
      { inputs: [floats([1, 3, 64, 64], [1e300, ...zeros(whole - 1)])] },
      400,
      /32-bit/,
    ],
    [
      'words for numbers',
      { inputs: [floats([1, 3, 64, 64], ['x', ...zeros(whole - 1)])] },
      400,
      /"x"/,
    ],
    [
      'an input without an answer',
      { inputs: [floats([1, 3, 64, 64], new Array<number>(whole).fill(3e38))] },
      400,
      /not finite/,
    ],
    ['another input', { inputs: [{ ...pictures('AAAA'), name: 'x' }] }, 400, /pixel_values/],
    ['two inputs', { inputs: [pictures('AAAA'), pictures('AAAA')] }, 400, /one input/],
    [
      'an unknown output',
      { inputs: [pictures('AAAA')], outputs: [{ name: 'x' }] },
      400,
      /logits, class_activations, probabilities/,
    ],
    ['no JSON', '{', 400, /not JSON/],
    ['nesting without end', '['.repeat(200_000), 400, /not JSON/],
    ['more than a batch needs', `[${'0,'.repeat(900_000)}0]`, 400, /too many values.*806432/],
    ['what is no picture', { inputs: [pictures('AAAA')] }, 415, /JPEG, PNG/],
    ['33 pictures', { inputs: [pictures(...new Array<string>(33).fill('AAAA'))] }, 400, /1 to 32/],
  ])('%s', async (_name, body, status, said) => {
    const response = await infer(body);
    const { error } = oipErrorSchema.parse(await response.json());
    expect(error).toMatch(said);
    expect(response.status).toBe(status);
  });

  test('of version 1 more than a batch needs', async () => {
    const response = await fetch(`${server.url}/v1/models/${MODEL}:predict`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: `{"instances": [[${'0,'.repeat(900_000)}0]]}`,
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('too many values');
  });

  test('an unknown model, version or address', async () => {
    const responses = await Promise.all([
      infer({ inputs: [pictures('AAAA')] }, 'nobody'),
      get('/v2/models/nobody'),
      get(`/v2/models/${MODEL}/versions/0`),
      get('/v2/nothing'),
    ]);
    for (const response of responses) {
      expect(response.status).toBe(404);
      oipErrorSchema.parse(await response.json());
    }
    const wrongMethod = await get(`/v2/models/${MODEL}/infer`);
    expect(wrongMethod.status).toBe(405);
    expect(wrongMethod.headers.get('allow')).toBe('POST, OPTIONS');
    oipErrorSchema.parse(await wrongMethod.json());
  });
});

test('the model knows the cup by its own number', async () => {
  const { outputs } = await answer({
    inputs: [pictures(espresso.toString('base64'))],
    outputs: [{ name: 'logits' }],
  });
  const config = JSON.parse(await readFile(`models/${MODEL}/config.json`, 'utf8')) as {
    id2label: Record<string, string>;
  };
  expect(config.id2label[firstIndex(numbers(outputs[0]))]).toBe('espresso');
});
