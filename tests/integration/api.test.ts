import { request as httpRequest } from 'node:http';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { healthResponseSchema } from '@/lib/shared/contract/health';
import { modelsResponseSchema } from '@/lib/shared/contract/models';
import { predictResponseSchema } from '@/lib/shared/contract/predict';
import { problemSchema } from '@/lib/shared/contract/problems';
import { startServer, type TestServer } from '../../harness/server';

let server: TestServer;
let espresso: Buffer;

beforeAll(async () => {
  server = await startServer();
  espresso = await readFile('public/samples/espresso.png');
});

afterAll(() => server.stop());

function post(body: BodyInit, headers: Record<string, string> = {}, query = ''): Promise<Response> {
  return fetch(`${server.url}/api/predict${query}`, { method: 'POST', body, headers });
}

function postBytes(bytes: Uint8Array, query = ''): Promise<Response> {
  return post(new Uint8Array(bytes), { 'Content-Type': 'application/octet-stream' }, query);
}

function form(...parts: [name: string, value: Blob | string][]): FormData {
  const data = new FormData();
  for (const [name, value] of parts) data.append(name, value);
  return data;
}

async function expectProblem(response: Response, status: number, type: string): Promise<void> {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(problemSchema.parse(await response.json())).toMatchObject({
    status,
    type,
    instance: '/api/predict',
  });
  expect(response.status).toBe(status);
}

/** After whatever came before: the process lives and is right. */
async function expectStillRight(): Promise<void> {
  const answer = predictResponseSchema.parse(await (await postBytes(espresso)).json());
  expect(answer.predictions[0]!.label).toBe('espresso');
}

describe('POST /api/predict answers', () => {
  test('a multipart part, a raw body and base64 in JSON alike', async () => {
    const picture = new Blob([new Uint8Array(espresso)]);
    const base64 = espresso.toString('base64');
    const json = { 'Content-Type': 'application/json' };
    const responses = await Promise.all([
      post(form(['image', picture])),
      post(form(['file', picture])),
      post(picture, { 'Content-Type': 'image/png' }),
      // A wrong declared type changes nothing: the bytes decide.
      post(picture, { 'Content-Type': 'image/gif' }),
      post(JSON.stringify({ image: base64 }), json),
      post(JSON.stringify({ image: `data:image/png;base64,${base64}` }), json),
    ]);
    const answers = await Promise.all(
      responses.map(async (response) => predictResponseSchema.parse(await response.json())),
    );
    expect(answers.map(({ predictions }) => predictions)).toEqual(
      answers.map(() => answers[0]!.predictions),
    );
    expect(answers[0]).toMatchObject({
      model: { id: 'tiny-imagenet-200', version: '71b9a56b3a2d' },
      image: { width: 600, height: 400, format: 'png' },
      source: 'server',
    });
    // Which of the six comes first is the network's choice.
    expect(answers.map(({ cached }) => cached)).toContain(false);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(answers.length);
  });

  test('as many labels as were asked for, in falling order, up to all of them', async () => {
    const all = predictResponseSchema.parse(await (await postBytes(espresso, '?topK=200')).json());
    const scores = all.predictions.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(scores.reduce((sum, score) => sum + score)).toBeCloseTo(1, 6);
    const two = predictResponseSchema.parse(await (await postBytes(espresso, '?topK=2')).json());
    expect(two.predictions).toEqual(all.predictions.slice(0, 2));
  });

  test('with its timings and its request id in the headers', async () => {
    const response = await postBytes(espresso);
    const { id } = predictResponseSchema.parse(await response.json());
    expect(response.headers.get('x-request-id')).toBe(id);
    expect(response.headers.get('server-timing')).toMatch(
      /^decode;dur=[\d.]+, queue;dur=[\d.]+, inference;dur=[\d.]+, total;dur=[\d.]+$/,
    );
  });
});

describe('POST /api/predict refuses', () => {
  const png = () => new Blob([new Uint8Array(espresso)]);
  test.each<[string, () => Promise<Response>, number, string]>([
    ['an empty body', () => postBytes(new Uint8Array()), 400, 'invalid-request'],
    ['an empty part', () => post(form(['image', new Blob([])])), 400, 'invalid-request'],
    ['no picture among the parts', () => post(form(['other', png()])), 400, 'invalid-request'],
    ['two pictures', () => post(form(['image', png()], ['image', png()])), 400, 'invalid-request'],
    [
      'an address in a part',
      () => post(form(['image', 'https://a.example/b.png'])),
      400,
      'invalid-request',
    ],
    [
      'broken JSON',
      () => post('{"image":', { 'Content-Type': 'application/json' }),
      400,
      'invalid-request',
    ],
    [
      'base64 that is none',
      () => post('{"image":"%%%"}', { 'Content-Type': 'application/json' }),
      400,
      'invalid-request',
    ],
    [
      'multipart without a boundary',
      () => post('x', { 'Content-Type': 'multipart/form-data' }),
      400,
      'invalid-request',
    ],
    ['topK=0', () => postBytes(espresso, '?topK=0'), 400, 'invalid-request'],
    ['topK=201', () => postBytes(espresso, '?topK=201'), 400, 'invalid-request'],
    ['an unknown model', () => postBytes(espresso, '?model=nobody'), 404, 'not-found'],
    [
      'text named .jpg',
      () => post(form(['image', new File(['some text'], 'photo.jpg')])),
      415,
      'unsupported-image',
    ],
    [
      'SVG',
      () => postBytes(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')),
      415,
      'unsupported-image',
    ],
    [
      'gzip',
      () => post(png(), { 'Content-Type': 'image/png', 'Content-Encoding': 'gzip' }),
      415,
      'unsupported-encoding',
    ],
    [
      'half a PNG',
      () => postBytes(espresso.subarray(0, espresso.length / 2)),
      422,
      'undecodable-image',
    ],
    [
      'half a JPEG',
      async () => postBytes((await sharp(espresso).jpeg().toBuffer()).subarray(0, 9000)),
      422,
      'undecodable-image',
    ],
    ['20000 × 20000 pixels', async () => postBytes(await hugePng()), 422, 'too-many-pixels'],
    ['30 MB', () => postBytes(new Uint8Array(30_000_000)), 413, 'too-large'],
    [
      '30 MB in a part',
      () => post(form(['image', new Blob([new Uint8Array(30_000_000)])])),
      413,
      'too-large',
    ],
  ])('%s', async (_name, send, status, type) => {
    await expectProblem(await send(), status, type);
    await expectStillRight();
  });

  test('200 MB whose length nobody declared, and reads no further than the limit', async () => {
    // Beyond the limit of 20 MiB some fit into the buffers of both sockets.
    const { status, sentBytes } = await sendEndlessly(200_000_000);
    expect(status).toBe(413);
    expect(sentBytes).toBeLessThan(200_000_000);
    await expectStillRight();
  });
});

function hugePng(): Promise<Buffer> {
  const flat = { width: 20_000, height: 20_000, channels: 3, background: '#888888' } as const;
  return sharp({ create: flat, limitInputPixels: false }).png().toBuffer();
}

/** Sends zeros in chunks until the server answers, or all have gone. */
function sendEndlessly(bytes: number): Promise<{ status: number; sentBytes: number }> {
  const chunk = Buffer.alloc(64 * 1024);
  return new Promise((resolve, reject) => {
    let sentBytes = 0;
    let answered = false;
    const request = httpRequest(
      `${server.url}/api/predict`,
      { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' } },
      (response) => {
        answered = true;
        response.resume();
        resolve({ status: response.statusCode!, sentBytes });
      },
    );
    request.on('error', (error) => {
      if (!answered) reject(error);
    });
    const send = () => {
      if (answered) return void request.destroy();
      if (sentBytes >= bytes) return void request.end();
      sentBytes += chunk.length;
      if (request.write(chunk)) setImmediate(send);
      else request.once('drain', send);
    };
    send();
  });
}

describe('other routes', () => {
  test('GET /api/health says ok, and ?probe=live only that the process answers', async () => {
    const response = await fetch(`${server.url}/api/health`);
    expect(response.status).toBe(200);
    const health = healthResponseSchema.parse(await response.json());
    expect(health).toMatchObject({ status: 'ok', checks: { model: { status: 'ok' } } });
    const live = await fetch(`${server.url}/api/health?probe=live`);
    expect(await live.json()).toEqual({ status: 'ok' });
  });

  test('GET /api/models lists what lies in models/, each file at its address', async () => {
    const response = await fetch(`${server.url}/api/models`);
    const { models } = modelsResponseSchema.parse(await response.json());
    expect(models).toHaveLength(1);
    expect(models[0]).toMatchObject({
      id: 'tiny-imagenet-200',
      default: true,
      input: { width: 64, height: 64 },
    });
    expect(models[0]!.labels).toHaveLength(200);
    const onnx = models[0]!.files.find(({ path }) => path === 'onnx/model.onnx')!;
    const file = await fetch(`${server.url}${onnx.url}`);
    expect((await file.arrayBuffer()).byteLength).toBe(onnx.bytes);
    expect(file.headers.get('cache-control')).toContain('immutable');
  });

  test('GET /hf answers a hub client: main, ETag, Range', async () => {
    const url = `${server.url}/hf/tiny-imagenet-200/resolve/main/onnx/model.onnx`;
    const range = await fetch(url, { headers: { Range: 'bytes=0-3' } });
    expect(range.status).toBe(206);
    expect(range.headers.get('content-range')).toBe('bytes 0-3/8701610');
    const etag = range.headers.get('etag')!;
    const again = await fetch(url, { headers: { 'If-None-Match': etag } });
    expect(again.status).toBe(304);
    const outside = await fetch(
      `${server.url}/hf/tiny-imagenet-200/resolve/main/..%2f..%2fpackage.json`,
    );
    expect(outside.status).toBe(404);
  });

  test('another method gets 405 with Allow, an unknown path 404, both as problem details', async () => {
    const wrongMethod = await fetch(`${server.url}/api/predict`);
    expect(wrongMethod.status).toBe(405);
    expect(wrongMethod.headers.get('allow')).toBe('POST, OPTIONS');
    expect(problemSchema.parse(await wrongMethod.json()).type).toBe('method-not-allowed');
    const unknown = await fetch(`${server.url}/api/nothing/here`, { method: 'POST' });
    expect(unknown.status).toBe(404);
    expect(problemSchema.parse(await unknown.json()).type).toBe('not-found');
    const root = await fetch(`${server.url}/api`);
    expect(problemSchema.parse(await root.json()).type).toBe('not-found');
  });

  test('WebAssembly comes as what it is, for ever, and isolated', async () => {
    const { builds } = JSON.parse(await readFile('.build/device-assets.json', 'utf8')) as {
      builds: { wasm: { wasmUrl: string; scriptUrl: string } };
    };
    const wasm = await fetch(`${server.url}${builds.wasm.wasmUrl}`);
    expect(wasm.headers.get('content-type')).toBe('application/wasm');
    expect(wasm.headers.get('cache-control')).toContain('immutable');
    const page = await fetch(server.url);
    expect(page.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  });
});
