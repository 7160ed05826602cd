import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { readModelFolder, type ModelFolder } from '../models/folder';
import { serveModelFile } from './model-files';

let model: ModelFolder;

beforeAll(async () => {
  model = await readModelFolder('models/tiny-imagenet-200', 'tiny-imagenet-200');
});

function get(
  file: string,
  headers: Record<string, string> = {},
  { revision = 'main', method = 'GET' } = {},
): Promise<Response> {
  const request = new Request('http://host/', { method, headers });
  // As a route's handler, which may throw or reject.
  return Promise.resolve().then(() => serveModelFile(request, model, revision, file));
}

async function body(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

describe('a whole file', () => {
  test('comes byte for byte', async () => {
    const response = await get('onnx/model.onnx');
    expect(response.headers.get('content-length')).toBe('8701610');
    const file = await readFile('models/tiny-imagenet-200/onnx/model.onnx');
    expect((await body(response)).equals(file)).toBe(true);
  });

  test('may be kept for ever by its revision, and is asked for again by main', async () => {
    const pinned = await get('config.json', {}, { revision: model.revision });
    expect(pinned.headers.get('cache-control')).toContain('immutable');
    const main = await get('config.json');
    expect(main.headers.get('cache-control')).toBe('no-cache');
    expect(main.headers.get('x-repo-commit')).toBe(model.revision);
  });

  // Next would take the Content-Encoding off, and leave who asks with bytes that nobody can read.
  test('is the same whatever the client can decompress', async () => {
    const response = await get('config.json', { 'accept-encoding': 'gzip, br' });
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(response.headers.get('etag')).toMatch(/^"[0-9a-f]{64}"$/);
    const text = await readFile('models/tiny-imagenet-200/config.json');
    expect(await body(response)).toEqual(text);
  });

  test('has no body for HEAD', async () => {
    const response = await get('onnx/model.onnx', {}, { method: 'HEAD' });
    expect(response.headers.get('content-length')).toBe('8701610');
    expect(response.body).toBeNull();
  });
});

describe('a conditional request', () => {
  test.each([
    (tag: string) => tag,
    (tag: string) => `W/${tag}`,
    (tag: string) => `"x", ${tag}`,
    () => '*',
  ])('gets 304 when the client has it already', async (ifNoneMatch) => {
    const etag = (await get('config.json')).headers.get('etag')!;
    const response = await get('config.json', { 'if-none-match': ifNoneMatch(etag) });
    expect(response.status).toBe(304);
    expect(response.body).toBeNull();
  });

  test('gets the file when the client has another', async () => {
    expect((await get('config.json', { 'if-none-match': '"other"' })).status).toBe(200);
  });
});

describe('a range', () => {
  test.each([
    ['bytes=0-3', 'bytes 0-3/8701610', 4],
    ['bytes=8701600-', 'bytes 8701600-8701609/8701610', 10],
    ['bytes=-5', 'bytes 8701605-8701609/8701610', 5],
    ['bytes=8701608-9999999', 'bytes 8701608-8701609/8701610', 2],
  ])('%s is sent alone', async (range, contentRange, bytes) => {
    const response = await get('onnx/model.onnx', { range });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(contentRange);
    expect(await body(response)).toHaveLength(bytes);
  });

  test.each(['bytes=8701610-', 'bytes=-0'])('%s is refused with the size', async (range) => {
    const response = await get('onnx/model.onnx', { range }, { revision: model.revision });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe('bytes */8701610');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test.each(['bytes=0-1,3-4', 'lines=1-2', 'bytes=-', 'bytes=5-3'])(
    '%s is ignored',
    async (range) => {
      const response = await get('config.json', { range });
      expect(response.status).toBe(200);
      await response.body?.cancel();
    },
  );

  test('of a file that has not changed is sent alone, of one that has the whole file', async () => {
    const etag = (await get('config.json', {}, { method: 'HEAD' })).headers.get('etag')!;
    const same = await get('config.json', { range: 'bytes=0-3', 'if-range': etag });
    expect([same.status, (await body(same)).length]).toEqual([206, 4]);
    const older = await get('config.json', { range: 'bytes=0-3', 'if-range': '"older"' });
    expect(older.status).toBe(200);
    await older.body?.cancel();
  });

  test('is for GET alone: HEAD describes the whole file', async () => {
    const response = await get('onnx/model.onnx', { range: 'bytes=0-3' }, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '8701610']);
  });
});

test.each(['../../package.json', 'onnx/../config.json', 'onnx', 'missing.json', '/etc/passwd', ''])(
  'there is no file "%s"',
  async (file) => {
    await expect(get(file)).rejects.toMatchObject({ type: 'not-found' });
  },
);

test('there is no other revision', async () => {
  await expect(get('config.json', {}, { revision: 'a'.repeat(40) })).rejects.toMatchObject({
    type: 'not-found',
  });
});
