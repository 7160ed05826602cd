import { describe, expect, test } from 'vitest';
import { failure, request, streamed } from '../testing';
import { readBytes } from './body';
import { decodeBase64, readSingleImage } from './single-image';

const settings = { maxUploadBytes: 1000, uploadTimeoutMs: 5000 };

function form(...parts: [string, Blob | string][]): Request {
  const data = new FormData();
  for (const [name, value] of parts) data.append(name, value);
  return request(data);
}

describe('readBytes', () => {
  test('gives a buffer of its own, which can be moved to another thread', async () => {
    const bytes = await readBytes(request('abc'), { maxBytes: 10, timeoutMs: 1000 });
    expect(Buffer.from(bytes).toString()).toBe('abc');
    expect(bytes.buffer.byteLength).toBe(3);
  });

  test('reads no further than the limit', async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(100));
      },
    });
    const error = await failure(readBytes(streamed(endless), { maxBytes: 1000, timeoutMs: 1000 }));
    expect(error).toMatchObject({ type: 'too-large', status: 413 });
    expect(pulled).toBeLessThan(20);
  });

  test('refuses a declared length over the limit unread', async () => {
    const silent = new ReadableStream<Uint8Array>();
    const declared = streamed(silent, { 'content-length': '1001' });
    const error = await failure(readBytes(declared, { maxBytes: 1000, timeoutMs: 1000 }));
    expect(error).toMatchObject({ type: 'too-large', received: 'a body of 1001 bytes' });
  });

  test('gives up on a sender that stops sending', async () => {
    const silent = new ReadableStream<Uint8Array>();
    const error = await failure(readBytes(streamed(silent), { maxBytes: 10, timeoutMs: 20 }));
    expect(error).toMatchObject({ type: 'upload-timeout', status: 408 });
  });

  test('says so when the sender breaks off', async () => {
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => controller.error(new Error('reset')),
    });
    const error = await failure(readBytes(streamed(broken), { maxBytes: 10, timeoutMs: 1000 }));
    expect(error).toMatchObject({ type: 'invalid-request', status: 400 });
  });

  test('refuses an encoded body', async () => {
    const gzip = request('abc', { 'content-encoding': 'gzip' });
    const error = await failure(readBytes(gzip, { maxBytes: 10, timeoutMs: 1000 }));
    expect(error).toMatchObject({ type: 'unsupported-encoding', received: 'gzip' });
  });
});

describe('readSingleImage', () => {
  test.each([
    ['a part named image', () => form(['image', new Blob(['abc'])])],
    ['a part named file', () => form(['file', new Blob(['abc'])])],
    ['raw bytes', () => request('abc', { 'content-type': 'application/octet-stream' })],
    ['a text part with base64', () => form(['image', 'YWJj'])],
    ['a text part with a data URL', () => form(['file', 'data:image/png;base64,YWJj'])],
    ['raw bytes without a type', () => request(new Uint8Array([97, 98, 99]))],
    [
      "raw bytes of curl's default type",
      () => request('abc', { 'content-type': 'application/x-www-form-urlencoded' }),
    ],
    [
      "JSON of curl's default type",
      () => request('\n {"image":"YWJj"}', { 'content-type': 'application/x-www-form-urlencoded' }),
    ],
    ['raw bytes of any picture type', () => request('abc', { 'content-type': 'image/jpeg' })],
    ['base64', () => request('{"image":"YWJj"}', { 'content-type': 'application/json' })],
    [
      'a data URL',
      () =>
        request('{"image":"data:image/png;base64,YWJj"}', { 'content-type': 'application/json' }),
    ],
  ])('reads %s', async (_name, make) => {
    expect(Buffer.from(await readSingleImage(make(), settings)).toString()).toBe('abc');
  });

  test.each([
    ['no part', () => form(), 'no file part'],
    ['a part of another name', () => form(['photo', new Blob(['x'])]), 'file parts named "photo"'],
    [
      'two pictures',
      () => form(['image', new Blob(['x'])], ['file', new Blob(['y'])]),
      '2 pictures',
    ],
    [
      'an address in a part',
      () => form(['image', 'https://a.example/x.png']),
      'an http(s) address',
    ],
    [
      'an address in JSON',
      () => request('{"image":"http://a.example"}', { 'content-type': 'application/json' }),
      'an http(s) address',
    ],
    ['an empty text part', () => form(['image', ' ']), 'an empty text part'],
    ['another type', () => request('x', { 'content-type': 'text/plain' }), 'text/plain'],
  ])('refuses %s', async (_name, make, received) => {
    const error = await failure(readSingleImage(make(), settings));
    expect(error).toMatchObject({ type: 'invalid-request', received });
  });

  test.each([
    ['JSON that ends too early', 'application/json', '{"image":'],
    ['JSON without a picture', 'application/json', '{"picture":"YWJj"}'],
    ['multipart without its end', 'multipart/form-data; boundary=x', '--x\r\n'],
    ['multipart without a boundary', 'multipart/form-data', 'x'],
  ])('refuses %s', async (_name, type, body) => {
    const error = await failure(readSingleImage(request(body, { 'content-type': type }), settings));
    expect(error).toMatchObject({ type: 'invalid-request', status: 400 });
  });

  test('the limit is measured on the picture, not on what carries it', async () => {
    const full = new Uint8Array(1000);
    const base64 = Buffer.from(full).toString('base64');
    const json = { 'content-type': 'application/json' };
    await expect(
      readSingleImage(form(['image', new Blob([full])]), settings),
    ).resolves.toHaveLength(1000);
    await expect(
      readSingleImage(request(JSON.stringify({ image: base64 }), json), settings),
    ).resolves.toHaveLength(1000);

    const undeclared = { 'content-type': 'application/x-www-form-urlencoded' };
    await expect(readSingleImage(request(full, undeclared), settings)).resolves.toHaveLength(1000);

    const over = new Uint8Array(1001);
    const overBase64 = JSON.stringify({ image: Buffer.from(over).toString('base64') });
    const errors = [
      await failure(readSingleImage(form(['image', new Blob([over])]), settings)),
      await failure(readSingleImage(request(over, { 'content-type': 'image/png' }), settings)),
      await failure(readSingleImage(request(overBase64, json), settings)),
      await failure(readSingleImage(request(over, undeclared), settings)),
      await failure(readSingleImage(request(overBase64, undeclared), settings)),
      await failure(
        readSingleImage(form(['image', Buffer.from(over).toString('base64')]), settings),
      ),
    ];
    expect(new Set(errors.map(({ type }) => type))).toEqual(new Set(['too-large']));
  });
});

test('base64 for addresses and with line breaks is read too', () => {
  expect([...decodeBase64('-_8=', 10)]).toEqual([251, 255]);
  expect([...decodeBase64('YW\nJj', 10)]).toEqual([97, 98, 99]);
});
