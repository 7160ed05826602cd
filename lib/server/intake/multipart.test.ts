import { describe, expect, test } from 'vitest';
import { failure, inPieces, request, streamed } from '../testing';
import { readMultipart } from './multipart';

const LIMITS = { maxBytes: 10_000, maxFileBytes: 10_000, maxFiles: 1, timeoutMs: 5000 };
const TYPE = { 'content-type': 'multipart/form-data; boundary=edge' };

function part(headers: string[], body: string): string {
  return ['--edge', ...headers, '', body, ''].join('\r\n');
}

const file = (name: string, body: string) =>
  part([`Content-Disposition: form-data; name="${name}"; filename="${name}.png"`], body);
const text = (name: string, body: string) =>
  part([`Content-Disposition: form-data; name="${name}"`], body);
const END = '--edge--\r\n';

async function read(body: string, pieceBytes = body.length || 1) {
  const stream = inPieces(Buffer.from(body, 'latin1'), pieceBytes);
  const { files, texts } = await readMultipart(streamed(stream, TYPE), LIMITS);
  const contents = files.map(({ field, bytes }) => [field, Buffer.from(bytes).toString('latin1')]);
  const values = [...texts].map(([name, { value }]) => [name, value] as const);
  return { files: contents, texts: Object.fromEntries(values) };
}

describe('readMultipart', () => {
  test.each([1, 2, 3, 7, 64])(
    'does not mind where a body is split: every %d bytes',
    async (size) => {
      const body = file('image', 'ab\r\n--edg\r\n\0\xff') + text('note', 'hello') + END;
      expect(await read(body, size)).toEqual({
        files: [['image', 'ab\r\n--edg\r\n\0\xff']],
        texts: { note: 'hello' },
      });
    },
  );

  test('a body cut off anywhere is refused, and never waited for', async () => {
    const body = file('image', 'abc') + '--edge--';
    const lengths = Array.from({ length: body.length }, (_, length) => length);
    const errors = await Promise.all(lengths.map((length) => failure(read(body.slice(0, length)))));
    expect(new Set(errors.map(({ type }) => type))).toEqual(new Set(['invalid-request']));
  });

  test.each(['application/octet-stream', 'image/jpeg', 'IMAGE/PNG; q=1'])(
    'keeps a file of type %s whose sender gave it no name',
    async (type) => {
      const nameless = part(
        ['Content-Disposition: form-data; name="image"', `Content-Type: ${type}`],
        'abc',
      );
      expect((await read(nameless + END)).files).toEqual([['image', 'abc']]);
    },
  );

  test('keeps a text part as long as the largest file, and cuts a longer one', async () => {
    const whole = 'x'.repeat(10_000);
    const body = request(text('image', whole) + END, TYPE);
    const { texts } = await readMultipart(body, LIMITS);
    expect(texts.get('image')).toEqual({ value: whole, isCut: false });
  });

  test('of many files reads one more than it may', async () => {
    const { files } = await read(file('image', 'x').repeat(5) + END);
    expect(files).toHaveLength(2);
  });

  test('refuses more parts than a form can need, and reads no further', async () => {
    const error = await failure(read(text('a', 'b').repeat(100) + END));
    expect(error).toMatchObject({ type: 'invalid-request', received: 'more than 18 parts' });
  });

  test('of equal text parts keeps the last', async () => {
    expect((await read(text('note', 'one') + text('note', 'two') + END)).texts).toEqual({
      note: 'two',
    });
  });

  test('accepts names such as __proto__ as ordinary names', async () => {
    const { files } = await read(file('__proto__', 'x') + END);
    expect(files).toEqual([['__proto__', 'x']]);
  });

  test.each([
    ['an unknown charset', ['Content-Type: text/plain; charset=klingon'], { note: 'abc' }],
    ['no disposition', [], {}],
  ])('reads past a part with %s', async (_name, headers, texts) => {
    const disposition = 'Content-Disposition: form-data; name="note"';
    const given = headers.length > 0 ? [disposition, ...headers] : ['X-Other: 1'];
    expect((await read(part(given, 'abc') + END)).texts).toEqual(texts);
  });

  test.each([
    ['none', 'multipart/form-data'],
    ['an empty one', 'multipart/form-data; boundary='],
    ['another', 'multipart/form-data; boundary=other'],
    ['an endless one', `multipart/form-data; boundary=${'x'.repeat(300)}`],
  ])('refuses a body whose boundary is %s', async (_name, type) => {
    const body = request(file('image', 'abc') + END, { 'content-type': type });
    const error = await failure(readMultipart(body, LIMITS));
    expect(error).toMatchObject({ type: 'invalid-request', status: 400 });
  });

  test('passes on what the body itself ends in', async () => {
    const silent = streamed(new ReadableStream(), TYPE);
    const late = await failure(readMultipart(silent, { ...LIMITS, timeoutMs: 20 }));
    expect(late).toMatchObject({ type: 'upload-timeout' });
    const endless = streamed(inPieces(new Uint8Array(200_000), 1000), TYPE);
    expect(await failure(readMultipart(endless, LIMITS))).toMatchObject({ type: 'too-large' });
  });
});
