/** The binary tensor data extension, by a client written from the protocol's text, byte for byte. */
import { readFile } from 'node:fs/promises';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oipErrorSchema, oipResponseSchema } from '@/lib/shared/contract/open-inference';
import { startServer, type TestServer } from '../../harness/server';

const MODEL = 'tiny-imagenet-200';
const CLASSES = 200;

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

/** "4 byte length, followed by the bytes", little endian. */
function element(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.byteLength);
  return Buffer.concat([length, bytes]);
}

const picturesInput = (count: number, bytes: number) => ({
  name: 'image',
  shape: [count],
  datatype: 'BYTES',
  parameters: { binary_data_size: bytes },
});

interface Sent {
  readonly json: unknown;
  readonly tensors?: Buffer;
  readonly headers?: Record<string, string>;
  readonly encode?: (body: Buffer) => Buffer;
}

function send({ json, tensors = Buffer.alloc(0), headers, encode = (body) => body }: Sent) {
  const head = Buffer.from(JSON.stringify(json));
  return fetch(`${server.url}/v2/models/${MODEL}/infer`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/octet-stream',
      'Inference-Header-Content-Length': String(head.byteLength),
      ...headers,
    },
    body: new Uint8Array(encode(Buffer.concat([head, tensors]))),
  });
}

/** Divides an answer as the extension says, and checks that no byte is left over. */
async function receive(response: Response) {
  const body = Buffer.from(await response.arrayBuffer());
  expect(response.status, body.toString().slice(0, 500)).toBe(200);
  const jsonBytes = Number(response.headers.get('inference-header-content-length') ?? body.length);
  const answer = oipResponseSchema.parse(JSON.parse(body.subarray(0, jsonBytes).toString()));
  let offset = jsonBytes;
  const outputs = answer.outputs.map((output) => {
    const size = Number(output.parameters?.binary_data_size ?? 0);
    const bytes = body.subarray(offset, offset + size);
    offset += size;
    return { ...output, bytes };
  });
  expect(offset).toBe(body.length);
  return { type: response.headers.get('content-type'), outputs };
}

const floats = (bytes: Buffer) =>
  Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4));
const both = () => Buffer.concat([element(espresso), element(cat)]);
const inBase64 = () => ({
  name: 'image',
  shape: [2],
  datatype: 'BYTES',
  data: [espresso, cat].map((picture) => picture.toString('base64')),
});

/** What the JSON form answers, with which every other form is compared. */
async function expected(name: string): Promise<number[]> {
  const json = { inputs: [inBase64()], outputs: [{ name }] };
  const { outputs } = await receive(await send({ json }));
  return outputs[0]!.data as number[];
}

describe('binary tensors', () => {
  test('pictures as BYTES, outputs as bytes', async () => {
    const json = {
      inputs: [picturesInput(2, both().byteLength)],
      parameters: { binary_data_output: true },
      outputs: [{ name: 'logits' }, { name: 'probabilities', parameters: { binary_data: false } }],
    };
    const { type, outputs } = await receive(await send({ json, tensors: both() }));
    expect(type).toBe('application/octet-stream');
    const [logits, probabilities] = outputs;
    expect(logits).toMatchObject({ name: 'logits', datatype: 'FP32', shape: [2, CLASSES] });
    expect(logits!.data).toBeUndefined();
    expect(floats(logits!.bytes)).toEqual(await expected('logits'));
    expect(probabilities!.data).toEqual(await expected('probabilities'));
  });

  test('every output as bytes where none is named', async () => {
    const json = {
      inputs: [picturesInput(1, element(cat).byteLength)],
      parameters: { binary_data_output: true },
    };
    const { outputs } = await receive(await send({ json, tensors: element(cat) }));
    expect(outputs.map(({ name, bytes }) => [name, bytes.byteLength])).toEqual([
      ['logits', CLASSES * 4],
      ['class_activations', CLASSES * 64 * 4],
      ['probabilities', CLASSES * 4],
    ]);
  });

  test('the tensor of the model itself as FP32, wherever it begins in the body', async () => {
    const shape = [1, 3, 64, 64];
    const values = Float32Array.from({ length: 3 * 64 * 64 }, (_, i) => Math.fround(i % 7) / 7);
    const tensors = Buffer.from(values.buffer);
    const outputs = [{ name: 'logits' }];
    const answers = await Promise.all(
      ['', 'a', 'ab', 'abc'].map(async (id) => {
        const parameters = { binary_data_size: tensors.byteLength };
        const input = { name: 'pixel_values', shape, datatype: 'FP32', parameters };
        return (await receive(await send({ json: { id, inputs: [input], outputs }, tensors })))
          .outputs[0]!.data;
      }),
    );
    const data = Array.from(values);
    const plain = { inputs: [{ name: 'pixel_values', shape, datatype: 'FP32', data }], outputs };
    const { outputs: given } = await receive(await send({ json: plain }));
    expect(answers).toEqual(answers.map(() => given[0]!.data));
  });

  test('the best classes, as text and as bytes', async () => {
    const labelled = (parameters: Record<string, number | boolean>) => ({
      inputs: [picturesInput(2, both().byteLength)],
      outputs: [{ name: 'probabilities', parameters }],
    });
    const asText = await receive(
      await send({ json: labelled({ classification: 2 }), tensors: both() }),
    );
    const [output] = asText.outputs;
    expect(output).toMatchObject({ datatype: 'BYTES', shape: [2, 2] });
    expect(output!.data).toHaveLength(4);
    expect(output!.data![0]).toMatch(/^0\.\d+:193:espresso$/);
    const asBytes = await receive(
      await send({ json: labelled({ classification: 2, binary_data: true }), tensors: both() }),
    );
    const elements = (output!.data as string[]).map((text) => element(Buffer.from(text)));
    expect(asBytes.outputs[0]!.bytes).toEqual(Buffer.concat(elements));
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ])('a body in %s', async (encoding, encode) => {
    const json = {
      inputs: [picturesInput(2, both().byteLength)],
      outputs: [{ name: 'probabilities' }],
    };
    const headers = { 'Content-Encoding': encoding };
    const { outputs } = await receive(await send({ json, tensors: both(), headers, encode }));
    expect(outputs[0]!.data).toEqual(await expected('probabilities'));
  });
});

describe('refused', () => {
  const one = () => picturesInput(1, element(cat).byteLength);
  const limit = 20 * 1024 * 1024;

  test.each<[string, () => Sent, number, RegExp]>([
    [
      'a length of the JSON beyond the body',
      () => ({ json: {}, headers: { 'Inference-Header-Content-Length': '99' } }),
      400,
      /Inference-Header-Content-Length.*99/,
    ],
    [
      'a length of the JSON that is no number',
      () => ({ json: {}, headers: { 'Inference-Header-Content-Length': '-1' } }),
      400,
      /Inference-Header-Content-Length/,
    ],
    [
      'a raw body without JSON',
      () => ({ json: {}, headers: { 'Inference-Header-Content-Length': '0' } }),
      400,
      /Inference-Header-Content-Length/,
    ],
    ['fewer bytes than announced', () => ({ json: { inputs: [one()] } }), 400, /binary_data_size/],
    [
      'more bytes than announced',
      () => ({ json: { inputs: [one()] }, tensors: Buffer.concat([element(cat), cat]) }),
      400,
      /binary_data_size/,
    ],
    [
      'a size that is no number of bytes',
      () => ({ json: { inputs: [picturesInput(1, -4)] } }),
      400,
      /binary_data_size.*-4/,
    ],
    [
      'data in both places',
      () => ({ json: { inputs: [{ ...one(), data: [] }] }, tensors: element(cat) }),
      400,
      /both/,
    ],
    [
      'no data at all',
      () => ({ json: { inputs: [{ name: 'image', shape: [1], datatype: 'BYTES' }] } }),
      400,
      /neither/,
    ],
    [
      'an element longer than the tensor',
      () => ({ json: { inputs: [picturesInput(1, 8)] }, tensors: Buffer.alloc(8, 0xff) }),
      400,
      /element 0 is cut/,
    ],
    [
      'another number of elements than the shape says',
      () => ({ json: { inputs: [{ ...one(), shape: [2] }] }, tensors: element(cat) }),
      400,
      /2 elements/,
    ],
    [
      'shared memory',
      () => ({
        json: { inputs: [{ ...inBase64(), parameters: { shared_memory_region: 'a' } }] },
      }),
      400,
      /shared memory/,
    ],
    [
      'sequences',
      () => ({ json: { inputs: [inBase64()], parameters: { sequence_id: 4 } } }),
      400,
      /does not support sequences. Expected: requests that stand by themselves/,
    ],
    [
      'classes of an output that has none',
      () => ({
        json: {
          inputs: [inBase64()],
          outputs: [{ name: 'class_activations', parameters: { classification: 3 } }],
        },
      }),
      400,
      /no classes/,
    ],
    [
      'an encoding nobody reads',
      () => ({ json: {}, headers: { 'Content-Encoding': 'br' } }),
      415,
      /identity, gzip, deflate/,
    ],
    [
      'what is not gzip',
      () => ({ json: {}, headers: { 'Content-Encoding': 'gzip' } }),
      400,
      /not gzip/,
    ],
    [
      'a compressed body that grows over the limit',
      () => ({
        json: {},
        tensors: Buffer.alloc(2 * limit),
        headers: { 'Content-Encoding': 'gzip' },
        encode: (body: Buffer) => gzipSync(body, { level: 1 }),
      }),
      413,
      /decompressed/,
    ],
  ])('%s', async (_name, sent, status, said) => {
    const response = await send(sent());
    const { error } = oipErrorSchema.parse(await response.json());
    expect(error).toMatch(said);
    expect(response.status).toBe(status);
  });
});
