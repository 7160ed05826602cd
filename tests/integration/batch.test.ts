import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { batchResponseSchema } from '@/lib/shared/contract/batch';
import { rateLimit, roomInWindow, smallPicture, statistics } from '../../harness/client';
import { largePictures } from '../../harness/pictures';
import { startServer, type TestServer } from '../../harness/server';

let server: TestServer;
let espresso: Buffer;

beforeAll(async () => {
  server = await startServer({ MAX_UPLOAD_BYTES: '1000000', MAX_BATCH_BYTES: '4000000' });
  espresso = await readFile('public/samples/espresso.png');
});

afterAll(() => server.stop());

function postBatch(
  url: string,
  files: readonly (readonly [name: string, bytes: Uint8Array])[],
  part = 'images',
): Promise<Response> {
  const body = new FormData();
  for (const [name, bytes] of files) body.append(part, new File([new Uint8Array(bytes)], name));
  return fetch(`${url}/api/predict/batch`, { method: 'POST', body });
}

describe('POST /api/predict/batch', () => {
  test('answers each picture in order, and a bad one spoils no other', async () => {
    const response = await postBatch(server.url, [
      ['first.png', espresso],
      ['notes.txt', Buffer.from('no picture')],
      ['huge.png', new Uint8Array(1_000_001)],
      ['half.png', espresso.subarray(0, 90_000)],
      ['empty.png', new Uint8Array()],
      ['naïve 名.jpg', await readFile('public/samples/rocket.jpg')],
    ]);
    expect(response.status).toBe(200);
    const { results } = batchResponseSchema.parse(await response.json());
    expect(results.map(({ index, name, status }) => [index, name, status])).toEqual([
      [0, 'first.png', 200],
      [1, 'notes.txt', 415],
      [2, 'huge.png', 413],
      [3, 'half.png', 422],
      [4, 'empty.png', 400],
      [5, 'naïve 名.jpg', 200],
    ]);
    expect(results[0]).toMatchObject({ predictions: [{ label: 'espresso' }, {}, {}, {}, {}] });
    expect(results[1]).toMatchObject({ problem: { instance: '/api/predict/batch#1' } });
  });

  test('infers equal pictures once', async () => {
    const picture = await smallPicture(321);
    const response = await postBatch(
      server.url,
      Array.from({ length: 32 }, (_, i) => [`${i}.jpg`, picture] as const),
    );
    const { results } = batchResponseSchema.parse(await response.json());
    expect(results).toHaveLength(32);
    expect(
      new Set(
        results.map((result) => JSON.stringify('predictions' in result && result.predictions)),
      ).size,
    ).toBe(1);
    const { totals } = await statistics(server.url);
    expect(totals.batches).toBeGreaterThanOrEqual(1);
    expect(totals.images).toBeGreaterThanOrEqual(32);
  });

  test.each<[string, () => Promise<Response>, number, string]>([
    ['no picture', () => postBatch(server.url, []), 400, 'invalid-request'],
    [
      '33 pictures',
      () =>
        postBatch(
          server.url,
          Array.from({ length: 33 }, (_, i) => [`${i}`, espresso.subarray(0, 100)] as const),
        ),
      400,
      'invalid-request',
    ],
    [
      'parts of another name',
      () => postBatch(server.url, [['a.png', espresso]], 'pictures'),
      400,
      'invalid-request',
    ],
    [
      'too many bytes in all',
      () =>
        postBatch(
          server.url,
          Array.from({ length: 5 }, (_, i) => [`${i}`, new Uint8Array(900_000)] as const),
        ),
      413,
      'too-large',
    ],
    [
      'a body that is no form',
      () => fetch(`${server.url}/api/predict/batch`, { method: 'POST', body: 'x' }),
      400,
      'invalid-request',
    ],
  ])('refuses %s', async (_name, send, status, type) => {
    const response = await send();
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ type, status });
  });
});

test('a batch costs one of its own policy, and nothing where the server was too busy for all of it', async () => {
  const busy = await startServer({
    BATCH_PER_MINUTE: '10',
    INFERENCE_WORKERS: '1',
    QUEUE_LIMIT: '1',
    CACHE_ENTRIES: '0',
  });
  try {
    await roomInWindow(20_000);
    const picture = await smallPicture();
    const first = await postBatch(busy.url, [
      ['a.jpg', picture],
      ['b.jpg', picture],
    ]);
    expect(first.headers.get('ratelimit-policy')).toBe('"batch";q=10;w=60');
    expect(rateLimit(first).left).toBe(9);

    const pictures = await largePictures(8);
    const responses = await Promise.all(
      pictures.map((large) => postBatch(busy.url, [['large.jpg', large]])),
    );
    const answered = responses.filter(({ status }) => status === 200).length;
    expect(responses.filter(({ status }) => status === 503)).toHaveLength(8 - answered);
    expect(answered).toBeLessThan(8);
    const last = await postBatch(busy.url, [['a.jpg', picture]]);
    expect(rateLimit(last).left).toBe(9 - answered - 1);
  } finally {
    await busy.stop();
  }
});
