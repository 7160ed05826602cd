/** Odd graphs and folders that a stranger may bring: the plain model's numbers, or a refusal in words. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rank } from '@/lib/shared/vision/answer';
import { imageToTensor } from '@/lib/shared/vision/tensor';
import { classifierGraph, classifierOnnx } from '@/harness/models/classifier';
import { configOf, writeModel } from '@/harness/models/folders';
import { ELEMENT, writeOnnx, type Graph, type Node, type Value } from '@/harness/models/onnx';
import { openBoth } from '@/harness/models/runtimes';

const CLASSES = 5;
const SIDE = 32;
const SHAPE = { classes: CLASSES, height: SIDE, width: SIDE, seed: 21 } as const;
const preprocessor = { size: SIDE, do_normalize: false };
const picture = {
  data: Uint8Array.from({ length: 50 * 40 * 3 }, (_, i) => (i * 11 + (i % 17) * 3) % 256),
  width: 50,
  height: 40,
  channels: 3,
} as const;

let models: string;
let plain: number[];
let count = 0;

beforeAll(async () => {
  models = await mkdtemp(path.join(tmpdir(), 'sightline-odd-'));
  [plain] = (await scoresOf({ onnx: classifierOnnx(SHAPE) })) as [number[], number[]];
});

afterAll(() => rm(models, { recursive: true }));

/** Scores by index on the server and on the device. */
async function scoresOf(content: Parameters<typeof writeModel>[1]): Promise<number[][]> {
  const id = `odd-${count++}`;
  const folder = path.join(models, id);
  await writeModel(folder, { config: configOf(CLASSES), preprocessor, ...content });
  return scoresIn(folder, id);
}

async function scoresIn(folder: string, id: string): Promise<number[][]> {
  const both = await openBoth(folder, id);
  const tensor = imageToTensor(picture, both.model.preprocessing);
  const outputs = [await both.server(tensor), await both.device(tensor)];
  await both.release();
  return outputs.map((output) =>
    [...rank(output, both.model, both.model.labels.length).predictions]
      .sort((a, b) => a.index - b.index)
      .map(({ score }) => score),
  );
}

function expectPlain(both: readonly number[][]): void {
  expect(both).toHaveLength(2);
  for (const scores of both) {
    expect(scores).toHaveLength(CLASSES);
    scores.forEach((score, i) => expect(score).toBeCloseTo(plain[i]!, 4));
  }
}

/** The plain graph, with steps after its last one. */
function then(
  nodes: readonly Node[],
  outputs: readonly Value[],
  weights: Graph['weights'] = [],
): Buffer {
  const graph = classifierGraph({ ...SHAPE, output: 'raw' });
  return writeOnnx({
    ...graph,
    nodes: [...graph.nodes, ...nodes],
    outputs,
    weights: [...graph.weights, ...weights],
  });
}

const integers = (name: string, ...values: bigint[]) => ({
  name,
  shape: [values.length],
  values: BigInt64Array.from(values),
});
const scoresValue = (shape: Value['shape'], type: Value['type'] = 'float32'): Value => ({
  name: 'scores',
  type,
  ...(shape ? { shape } : {}),
});
const unsqueeze = (axes: string): Node => ({
  op: 'Unsqueeze',
  inputs: ['raw', axes],
  output: 'scores',
});
const identity: Node = { op: 'Identity', inputs: ['raw'], output: 'scores' };
const argMax: Node = {
  op: 'ArgMax',
  inputs: ['raw'],
  output: 'label',
  attributes: { axis: 1, keepdims: 0 },
};
/** [2 × classes, classes]: class i is half of rows i and classes + i. */
const halves = {
  name: 'halves',
  shape: [2 * CLASSES, CLASSES],
  values: Float32Array.from({ length: 2 * CLASSES * CLASSES }, (_, at) =>
    Math.floor(at / CLASSES) % CLASSES === at % CLASSES ? 0.5 : 0,
  ),
};
const floats = (name: string, ...values: number[]) => ({
  name,
  shape: [values.length],
  values: Float32Array.from(values),
});
const label: Value = { name: 'label', type: 'int64', shape: ['batch'] };

describe("graphs that give the plain model's numbers", () => {
  test.each<[string, () => Buffer]>([
    [
      'an output [N, classes, 1, 1]',
      () =>
        then(
          [unsqueeze('last')],
          [scoresValue(['batch', CLASSES, 1, 1])],
          [integers('last', 2n, 3n)],
        ),
    ],
    [
      'an output [N, 1, 1, classes]',
      () =>
        then(
          [unsqueeze('mid')],
          [scoresValue(['batch', 1, 1, CLASSES])],
          [integers('mid', 1n, 2n)],
        ),
    ],
    [
      'an output without a batch',
      () =>
        then(
          [{ op: 'Reshape', inputs: ['raw', 'flat'], output: 'scores' }],
          [scoresValue([CLASSES])],
          [integers('flat', -1n)],
        ),
    ],
    ['an output of unknown shape', () => then([identity], [scoresValue(undefined)])],
    [
      'an output of 64-bit floats',
      () =>
        then(
          [{ op: 'Cast', inputs: ['raw'], output: 'scores', attributes: { to: ELEMENT.float64 } }],
          [scoresValue(['batch', CLASSES], 'float64')],
        ),
    ],
    [
      'the number of the best class as the first output',
      () => then([argMax, identity], [label, scoresValue(['batch', CLASSES])]),
    ],
    [
      'a matrix that adds the probabilities of two halves up',
      () =>
        then(
          [
            { op: 'Softmax', inputs: ['raw'], output: 'shares', attributes: { axis: 1 } },
            {
              op: 'Concat',
              inputs: ['shares', 'shares'],
              output: 'twice',
              attributes: { axis: 1 },
            },
            { op: 'MatMul', inputs: ['twice', 'halves'], output: 'scores' },
          ],
          [scoresValue(['batch', CLASSES])],
          [halves],
        ),
    ],
    ['channels last', () => classifierOnnx({ ...SHAPE, layout: 'nhwc' })],
    ['a batch of 1', () => classifierOnnx({ ...SHAPE, batch: 1 })],
    ['every axis free', () => classifierOnnx({ classes: CLASSES, seed: 21, channels: 'c' })],
    ['opset 13', () => writeOnnx({ ...classifierGraph(SHAPE), opset: 13 })],
    ['opset 11', () => writeOnnx({ ...classifierGraph(SHAPE), opset: 11 })],
    ['opset 21', () => writeOnnx({ ...classifierGraph(SHAPE), opset: 21 })],
  ])('%s', async (_, onnx) => {
    expectPlain(await scoresOf({ onnx: onnx() }));
  });
});

test.each<[string, Value['shape'], bigint]>([
  ['[batch]', ['batch'], -1n],
  ['[1]', [1], 1n],
])('one output for two labels, squeezed to %s', async (_, shape, size) => {
  const graph = classifierGraph({ ...SHAPE, classes: 1, output: 'raw' });
  const squeeze: Node = { op: 'Reshape', inputs: ['raw', 'flat'], output: 'scores' };
  const onnx = writeOnnx({
    ...graph,
    nodes: [...graph.nodes, squeeze],
    outputs: [scoresValue(shape)],
    weights: [...graph.weights, integers('flat', size)],
  });
  const [expected] = await scoresOf({ onnx: writeOnnx(graph), config: configOf(2) });
  for (const scores of await scoresOf({ onnx, config: configOf(2) })) {
    expect(scores).toHaveLength(2);
    scores.forEach((score, i) => expect(score).toBeCloseTo(expected![i]!, 4));
  }
});

test.each<[string, () => Buffer, number]>([
  ['keeps its pictures apart', () => classifierOnnx(SHAPE), -1],
  [
    'has room for one picture inside',
    () =>
      then(
        [{ op: 'Reshape', inputs: ['raw', 'one'], output: 'scores' }],
        [scoresValue(['batch', CLASSES])],
        [integers('one', 1n, BigInt(CLASSES))],
      ),
    1,
  ],
  [
    'mixes its pictures',
    () =>
      then(
        [
          { op: 'ReduceMean', inputs: ['raw'], output: 'mean', attributes: { axes: [0] } },
          { op: 'Add', inputs: ['raw', 'mean'], output: 'scores' },
        ],
        [scoresValue(['batch', CLASSES])],
      ),
    1,
  ],
  [
    'answers the first picture alone',
    () =>
      then(
        [{ op: 'Slice', inputs: ['raw', 'from', 'to', 'from'], output: 'scores' }],
        [scoresValue(['batch', CLASSES])],
        [integers('from', 0n), integers('to', 1n)],
      ),
    1,
  ],
])('of a graph that %s, so many are asked at once', async (_, onnx, batch) => {
  const folder = path.join(models, `odd-${count++}`);
  await writeModel(folder, { config: configOf(CLASSES), preprocessor, onnx: onnx() });
  const both = await openBoth(folder, path.basename(folder));
  expect(both.batch).toBe(batch);
  await both.release();
});

describe('files as editors and exporters write them', () => {
  async function scoresWith(config: string, prepared = JSON.stringify(preprocessor)) {
    const id = `odd-${count++}`;
    const folder = path.join(models, id);
    await writeModel(folder, { onnx: classifierOnnx(SHAPE) });
    await writeFile(path.join(folder, 'config.json'), config);
    await writeFile(path.join(folder, 'preprocessor_config.json'), prepared);
    return scoresIn(folder, id);
  }
  const { id2label } = configOf(CLASSES);
  const label2id = Object.fromEntries(Object.entries(id2label).map(([i, name]) => [name, +i]));

  test.each([
    [
      'byte order marks',
      `\uFEFF${JSON.stringify({ id2label })}`,
      `\uFEFF${JSON.stringify(preprocessor)}`,
    ],
    ['label2id alone', JSON.stringify({ label2id })],
    ['label2id, and null for id2label', JSON.stringify({ label2id, id2label: null })],
    ['Windows line ends', JSON.stringify({ id2label }, null, 2).replaceAll('\n', '\r\n')],
  ])('%s', async (_, config, prepared?: string) => {
    expectPlain(await scoresWith(config, prepared));
  });

  test.each([
    ['a gap in id2label', { id2label: { 0: 'a', 1: 'b', 3: 'd' } }, 'name class 2 of 3'],
    ['a gap in label2id', { label2id: { a: 0, b: 2 } }, 'expected label2id to name class 1 of 2'],
    ['two labels of one number', { label2id: { a: 0, b: 0 } }, 'expected label2id to name class 1'],
    ['no labels at all', { id2label: {} }, 'expected id2label to name at least one class'],
    ['a label that is empty', { id2label: { 0: '', 1: 'b' } }, 'expected id2label to be an object'],
    [
      'fewer labels than classes',
      { id2label: { 0: 'a', 1: 'b' } },
      'output 2 classes, as id2label',
    ],
  ])('refuses %s', async (_, config, says) => {
    await expect(scoresWith(JSON.stringify(config))).rejects.toThrow(says);
  });
});

describe('graphs that are refused, with the reason', () => {
  const number = (name: string, type: Value['type']): Graph => {
    const graph = classifierGraph({ ...SHAPE });
    return { ...graph, inputs: [...graph.inputs, { name, type, shape: [1] }] };
  };

  test.each<[string, () => Buffer, string]>([
    [
      'a second input',
      () => writeOnnx(number('temperature', 'float32')),
      'expected the graph to have one input, but it has "pixel_values", "temperature"; export the part',
    ],
    [
      'only the number of the best class',
      () => then([argMax], [label]),
      'outputs "label" (int64); export the tensor of scores, before the graph chooses the best label',
    ],
    [
      'a map of scores a place',
      () =>
        then(
          [{ op: 'Expand', inputs: ['wide', 'grid'], output: 'scores' }, unsqueezeTo('wide')],
          [scoresValue(['batch', CLASSES, 4, 4])],
          [integers('last', 2n, 3n), integers('grid', 1n, BigInt(CLASSES), 4n, 4n)],
        ),
      `expected the graph to output ${CLASSES} classes, as id2label names them, but it outputs ${CLASSES * 16}`,
    ],
    [
      'scores sorted by size',
      () =>
        then(
          [
            {
              op: 'TopK',
              inputs: ['raw', 'all'],
              output: 'scores',
              more: ['indices'],
              attributes: { axis: 1 },
            },
          ],
          [scoresValue(['batch', CLASSES])],
          [integers('all', BigInt(CLASSES))],
        ),
      'the graph ends in TopK, which sorts them by size',
    ],
    [
      'per cent',
      () =>
        then(
          [
            { op: 'Softmax', inputs: ['raw'], output: 'shares', attributes: { axis: 1 } },
            { op: 'Mul', inputs: ['shares', 'hundred'], output: 'scores' },
          ],
          [scoresValue(['batch', CLASSES])],
          [floats('hundred', 100)],
        ),
      'sum to 100; export the logits, or scores from 0 to 1',
    ],
    [
      'per cent of labels by themselves',
      () =>
        then(
          [
            { op: 'Sigmoid', inputs: ['raw'], output: 'shares' },
            { op: 'Mul', inputs: ['shares', 'hundred'], output: 'scores' },
          ],
          [scoresValue(['batch', CLASSES])],
          [floats('hundred', 100)],
        ),
      'because the graph ends in Mul after Sigmoid; export the values of Sigmoid',
    ],
    [
      'negative log-probabilities',
      () =>
        then(
          [
            { op: 'LogSoftmax', inputs: ['raw'], output: 'logs' },
            { op: 'Neg', inputs: ['logs'], output: 'scores' },
          ],
          [scoresValue(['batch', CLASSES])],
        ),
      'because the graph ends in Neg after LogSoftmax',
    ],
    [
      'the best label alone, as floats',
      () =>
        then(
          [argMax, { op: 'Cast', inputs: ['label'], output: 'scores', attributes: { to: 1 } }],
          [scoresValue(['batch', CLASSES])],
        ),
      'the graph ends in ArgMax, which gives the choice of a label alone',
    ],
    ...(
      [
        ['one tensor', ['raw']],
        ['two tensors', ['raw', 'raw']],
      ] as const
    ).map(([name, inputs]): [string, () => Buffer, string] => [
      `a sequence of ${name}`,
      () =>
        then(
          [{ op: 'SequenceConstruct', inputs: [...inputs], output: 'list' }],
          [{ name: 'list', type: 'float32', isSequence: true }],
        ),
      'it outputs "list" (a sequence or map); export the tensor of scores, before they become',
    ]),
    [
      'features without a head',
      () =>
        then(
          [
            { op: 'Identity', inputs: ['raw'], output: 'last_hidden_state' },
            { op: 'Identity', inputs: ['raw'], output: 'pooler_output' },
          ],
          [
            { name: 'last_hidden_state', type: 'float32' },
            { name: 'pooler_output', type: 'float32' },
          ],
        ),
      'which are features; export the model with its head',
    ],
    [
      'values from −1 to 1',
      () =>
        then(
          [{ op: 'Tanh', inputs: ['raw'], output: 'scores' }],
          [scoresValue(['batch', CLASSES])],
        ),
      'the graph ends in Tanh, which gives −1 to 1',
    ],
    [
      'a softmax over the pictures in place of the labels',
      () =>
        then(
          [{ op: 'Softmax', inputs: ['raw'], output: 'scores', attributes: { axis: 0 } }],
          [scoresValue(['batch', CLASSES])],
        ),
      'expected output "scores" to hold probabilities',
    ],
    [
      'random numbers',
      () =>
        then(
          [
            { op: 'RandomNormalLike', inputs: ['raw'], output: 'noise' },
            { op: 'Add', inputs: ['raw', 'noise'], output: 'scores' },
          ],
          [scoresValue(['batch', CLASSES])],
        ),
      'it draws random numbers (RandomNormalLike); export it for inference',
    ],
    [
      'the dropout of training',
      () =>
        then(
          [{ op: 'Dropout', inputs: ['raw', 'half', 'training'], output: 'scores' }],
          [scoresValue(['batch', CLASSES])],
          [
            { name: 'half', shape: [], values: Float32Array.of(0.5) },
            { name: 'training', shape: [], values: Uint8Array.of(1) },
          ],
        ),
      'its Dropout is that of training; export it for inference, in PyTorch after model.eval()',
    ],
    [
      'the normalisation of training',
      () =>
        then(
          [
            {
              op: 'BatchNormalization',
              inputs: ['raw', 'ones', 'zeros', 'zeros', 'ones'],
              output: 'scores',
              more: ['mean', 'variance'],
              attributes: { training_mode: 1 },
            },
          ],
          [scoresValue(['batch', CLASSES])],
          [
            floats('ones', ...Array<number>(CLASSES).fill(1)),
            floats('zeros', ...Array<number>(CLASSES).fill(0)),
          ],
        ),
      'its BatchNormalization is that of training',
    ],
    [
      'values that are no numbers',
      () =>
        then(
          [
            { op: 'Log', inputs: ['below'], output: 'scores' },
            { op: 'Sub', inputs: ['zero', 'big'], output: 'below' },
          ],
          [scoresValue(['batch', CLASSES])],
          [
            { name: 'zero', shape: [1, CLASSES], values: new Float32Array(CLASSES) },
            { name: 'big', shape: [1], values: Float32Array.of(1) },
          ],
        ),
      'finite',
    ],
  ])('%s', async (_, onnx, says) => {
    await expect(scoresOf({ onnx: onnx() })).rejects.toThrow(says);
  });

  function unsqueezeTo(output: string): Node {
    return { ...unsqueeze('last'), output };
  }
});
