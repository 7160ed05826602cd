/**
 * Generates bodies of every kind that the API reads, most of them wrong in some way, with their
 * declared types.
 */
import fc from 'fast-check';
import { pictures } from './pictures';

export interface FuzzBody {
  readonly type: string | undefined;
  readonly bytes: Buffer;
}

/** Characters allowed in a header: visible ASCII, space, tab and the upper half of Latin-1. */
export function headerText(maxLength = 40): fc.Arbitrary<string> {
  const code = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
    { weight: 1, arbitrary: fc.integer({ min: 0x80, max: 0xff }) },
    { weight: 1, arbitrary: fc.constant(0x09) },
  );
  return fc.array(code, { maxLength }).map((codes) => String.fromCharCode(...codes).trim());
}

const mostly = <T>(usual: T, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: odd });

/** Truncates about one body in six. */
const perhapsCut = (body: fc.Arbitrary<FuzzBody>) =>
  fc.tuple(body, mostly(Infinity, fc.nat(5000))).map(([{ type, bytes }, length]) => ({
    type,
    bytes: bytes.subarray(0, length),
  }));

// ── multipart

const PART_NAMES = ['image', 'images', 'file', 'note', '', '__proto__', 'image[]', 'constructor'];
const FILE_NAMES = [
  'cat.png',
  '',
  '../../etc/passwd',
  'a"b.png',
  'a\\"b.png',
  'C:\\cat.png',
  "x.png'; filename*=UTF-8''y.png",
  '\xe2\x82\xac.png',
  '\xff\xfe.png',
  'n'.repeat(4096),
  'a\0b.png',
];
const PART_HEADERS = [
  'Content-Type: image/png',
  'Content-Type: text/plain; charset=klingon',
  'Content-Type: multipart/mixed; boundary=inner',
  'Content-Type: ;;;',
  'Content-Type',
  ': nothing',
  'Content-Transfer-Encoding: base64',
  'Content-Transfer-Encoding: quoted-printable',
  'Content-Disposition: attachment',
  `X-Long: ${'x'.repeat(9000)}`,
  'X-Folded: a\r\n b',
  'X-Binary: \xff\x00\x01',
];

function part(seeds: readonly Buffer[], usualName: string): fc.Arbitrary<Buffer> {
  return fc
    .record({
      name: mostly(usualName, fc.oneof(fc.constantFrom(...PART_NAMES), headerText(20))),
      fileName: mostly<string | undefined>('a.png', fc.constantFrom(undefined, ...FILE_NAMES)),
      starName: mostly('', fc.constantFrom("; filename*=UTF-8''%e2%82", "; filename*=x'y'%zz")),
      headers: mostly<string[]>([], fc.array(fc.constantFrom(...PART_HEADERS), { maxLength: 3 })),
      lineEnd: mostly('\r\n', fc.constantFrom('\n', '\r', '')),
      bytes: pictures(seeds),
    })
    .map(({ name, fileName, starName, headers, lineEnd, bytes }) => {
      const file = fileName === undefined ? '' : `; filename="${fileName}"`;
      const disposition = `Content-Disposition: form-data; name="${name}"${file}${starName}`;
      const head = [disposition, ...headers, '', ''].join(lineEnd);
      return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
    });
}

export function multipart(seeds: readonly Buffer[], usualName: string): fc.Arbitrary<FuzzBody> {
  const one = part(seeds, usualName);
  const parts = fc.oneof(
    { weight: 6, arbitrary: fc.array(one, { minLength: 1, maxLength: 1 }) },
    { weight: 3, arbitrary: fc.array(one, { maxLength: 4 }) },
    { weight: 1, arbitrary: fc.tuple(one, fc.constantFrom(32, 33, 40)).map(repeat) },
  );
  const body = fc
    .record({
      parts,
      boundary: mostly('edge', fc.constantFrom('', 'x'.repeat(70), 'x'.repeat(300), '-', 'a b')),
      declared: mostly<string | undefined>(undefined, headerText(30)),
      preamble: mostly('', fc.constantFrom('\r\n', 'preamble\r\n', '--')),
      end: mostly('--\r\n', fc.constantFrom('', '--', '-', '\r\n', '--\r\nepilogue')),
    })
    .map(({ parts, boundary, declared, preamble, end }) => ({
      type: `multipart/form-data; boundary=${declared ?? boundary}`,
      bytes: Buffer.concat([
        Buffer.from(preamble),
        ...parts.flatMap((bytes) => [Buffer.from(`--${boundary}\r\n`), bytes, Buffer.from('\r\n')]),
        Buffer.from(`--${boundary}${end}`),
      ]),
    }));
  return perhapsCut(body);
}

function repeat([bytes, count]: [Buffer, number]): Buffer[] {
  return Array.from({ length: count }, () => bytes);
}

// ── JSON

const base64 = (seeds: readonly Buffer[]) =>
  fc
    .record({
      bytes: pictures(seeds),
      prefix: mostly(
        '',
        fc.constantFrom(
          'data:image/png;base64,',
          'data:;base64,',
          'data:image/png,',
          'DATA:image/svg+xml;charset=x;BASE64,',
          'https://a.example/',
          ' ',
          '=',
          '\u{1F431}',
        ),
      ),
      encoding: fc.constantFrom<BufferEncoding>('base64', 'base64', 'base64url', 'hex', 'latin1'),
      every: mostly(Infinity, fc.constantFrom(1, 76)),
    })
    .map(({ bytes, prefix, encoding, every }) => {
      const text = bytes.toString(encoding);
      return (
        prefix + (every === Infinity ? text : text.replace(new RegExp(`.{${every}}`, 'g'), '$&\n'))
      );
    });

/** JSON text that parsers and schemas often mishandle. */
const oddJson = () =>
  fc.oneof(
    fc.json({ maxDepth: 4 }),
    fc.constantFrom(
      '',
      'null',
      '[]',
      '{}',
      '"',
      '{"image":',
      '{"image":"a","image":"b"}',
      '{"__proto__":{"image":"YWJj"}}',
      '{"constructor":{"prototype":{"image":"YWJj"}}}',
      '{"image":{"__proto__":null}}',
      '1e999',
      '-0',
      `{"image":${'9'.repeat(400)}}`,
      '\ufeff{"image":"YWJj"}',
      '{"image":"\\ud800"}',
      '{"image":"\\u0000"}',
      "{'image':'YWJj'}",
      '{"image":"YWJj",}',
      '{"image":NaN}',
    ),
    fc.constantFrom(10, 1000, 100_000).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
    fc
      .constantFrom(10, 5000, 50_000)
      .map((depth) => '{"image":'.repeat(depth) + '1' + '}'.repeat(depth)),
  );

/** An object with the expected fields, some of them missing or of another type. */
function fields(expected: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  const perhaps = Object.fromEntries(
    Object.entries(expected).map(([name, value]) => [
      name,
      fc.oneof(
        { weight: 12, arbitrary: value },
        { weight: 1, arbitrary: fc.constantFrom(null, undefined, '', -1, 1e308, [], {}, true) },
      ),
    ]),
  );
  return fc.record(perhaps);
}

const id = () => fc.oneof(fc.uuid(), fc.string({ minLength: 6, maxLength: 70 }));
const model = () => mostly('tiny-imagenet-200', fc.string({ maxLength: 210 }));
const label = () => mostly('espresso', fc.constantFrom('', '__proto__', 'l'.repeat(600)));

const report = () =>
  fields({
    id: id(),
    model: model(),
    version: fc.string({ maxLength: 66 }),
    label: label(),
    index: fc.oneof(fc.nat(250), fc.maxSafeInteger()),
    score: fc.double({ min: -0.1, max: 1.1 }),
    latencyMs: fc.oneof(fc.nat(1000), fc.double({ min: 0, max: 1e308, noNaN: true })),
    backend: fc.constantFrom('wasm', 'webgpu', 'wasm', 'cuda'),
    at: mostly('2026-01-02T03:04:05Z', fc.constantFrom('yesterday', '+275761-01-01T00:00:00Z')),
    reason: fc.oneof(fc.constantFrom('chosen', 'offline'), fc.string({ maxLength: 55 })),
  });

function expectedJson(seeds: readonly Buffer[]): Record<JsonKind, fc.Arbitrary<unknown>> {
  return {
    image: fields({ image: base64(seeds) }),
    inputs: fields({
      inputs: base64(seeds),
      parameters: fields({
        top_k: fc.oneof(fc.integer({ min: -1, max: 300 }), fc.double()),
        function_to_apply: fc.constantFrom('softmax', 'sigmoid', 'none', 'tanh', null),
      }),
    }),
    reports: fields({
      reports: fc.oneof(
        { weight: 6, arbitrary: fc.array(report(), { maxLength: 5 }) },
        { weight: 1, arbitrary: fc.tuple(report(), fc.constantFrom(500, 501)).map(repeatValue) },
      ),
    }),
    feedback: fields({
      id: id(),
      model: model(),
      label: label(),
      correct: fc.boolean(),
      expectedIndex: fc.oneof(fc.nat(250), fc.maxSafeInteger()),
    }),
    tensor: inferenceRequest(seeds),
  };
}

const TENSOR_SIZE = 3 * 64 * 64;

/** An inference request with pictures or numbers; fields are sometimes wrong. */
function inferenceRequest(seeds: readonly Buffer[]): fc.Arbitrary<unknown> {
  const number = fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, 1e39, -1));
  const numbers = fc.oneof(
    fc.tuple(number, fc.constantFrom(TENSOR_SIZE, 2 * TENSOR_SIZE, 7)).map(repeatValue),
    fc.array(fc.array(number, { maxLength: 3 }), { maxLength: 3 }),
  );
  const input = fields({
    name: fc.constantFrom('image', 'pixel_values', 'x', ''),
    shape: fc.oneof(
      fc.constantFrom([1], [2], [1, 1], [1, 3, 64, 64], [2, 3, 64, 64], [0, 3, 64, 64]),
      fc.array(fc.integer({ min: -1, max: 70 }), { maxLength: 9 }),
    ),
    datatype: fc.constantFrom('FP32', 'BYTES', 'FP64', 'UINT8', 'fp32'),
    data: fc.oneof(fc.array(base64(seeds), { maxLength: 3 }), numbers),
  });
  const named = fc.constantFrom('logits', 'probabilities', 'class_activations', 'x');
  return fields({
    id: fc.oneof(fc.string(), fc.integer()),
    inputs: fc.array(input, { maxLength: 2 }),
    outputs: fc.array(fields({ name: named }), { maxLength: 3 }),
    parameters: fields({ priority: fc.integer() }),
  });
}

function repeatValue([value, count]: [unknown, number]): unknown[] {
  return Array.from({ length: count }, () => value);
}

export type JsonKind = 'image' | 'inputs' | 'reports' | 'feedback' | 'tensor';

export function json(seeds: readonly Buffer[], kind: JsonKind): fc.Arbitrary<FuzzBody> {
  const expected = expectedJson(seeds)[kind].map((value) => JSON.stringify(value) ?? '');
  const text = fc.oneof({ weight: 3, arbitrary: expected }, { weight: 1, arbitrary: oddJson() });
  const body = text.map((given) => ({ type: 'application/json', bytes: Buffer.from(given) }));
  return perhapsCut(body);
}

// ── raw

const RAW_TYPES = [
  'image/png',
  'image/jpeg',
  'application/octet-stream',
  'image/svg+xml',
  'image/',
];

export function rawPicture(seeds: readonly Buffer[]): fc.Arbitrary<FuzzBody> {
  return fc
    .record({
      type: fc.option(fc.constantFrom(...RAW_TYPES), { nil: undefined }),
      bytes: pictures(seeds),
      // Exceeds the limit by a long tail, which decoders ignore.
      tail: mostly(0, fc.constantFrom(1, 700_000)),
    })
    .map(({ type, bytes, tail }) => ({ type, bytes: Buffer.concat([bytes, Buffer.alloc(tail)]) }));
}

export const noBody = (): fc.Arbitrary<FuzzBody> =>
  fc.constant({ type: undefined, bytes: Buffer.alloc(0) });
