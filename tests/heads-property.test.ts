/**
 * Random graphs, configs and processor files: both runtimes agree with the network worked out in
 * plain code, or the folder is refused. There is no third thing.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rank } from '@/lib/shared/vision/answer';
import { imageToTensor } from '@/lib/shared/vision/tensor';
import {
  classifierGraph,
  type Activation,
  type ClassifierShape,
} from '../harness/models/classifier';
import { configOf, writeModel } from '../harness/models/folders';
import { writeOnnx } from '../harness/models/onnx';
import { openBoth } from '../harness/models/runtimes';

const SIDE = 32;
const TOLERANCE = 1e-3;
const RUNS = 80;

let models: string;

beforeAll(async () => {
  models = await mkdtemp(path.join(tmpdir(), 'sightline-property-'));
});

afterAll(() => rm(models, { recursive: true }));

const picture = {
  data: Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (i * 7 + (i % 11) * 9) % 256),
  width: SIDE,
  height: SIDE,
  channels: 3,
} as const;

const size = { height: SIDE, width: SIDE };

/** A processor's file, and what it does to the bytes of red, green and blue. */
interface Processor {
  readonly file: object;
  readonly channels: 1 | 3;
  readonly type?: 'uint8';
  readonly planes: (rgb: readonly number[]) => number[];
}

const over = (mean: readonly number[], std: readonly number[]) => (rgb: readonly number[]) =>
  rgb.map((byte, i) => (byte / 255 - mean[i]!) / std[i]!);

const PROCESSORS: Readonly<Record<string, Processor>> = {
  plain: {
    file: { size, image_mean: [0.4, 0.5, 0.6], image_std: [0.2, 0.3, 0.4] },
    channels: 3,
    planes: over([0.4, 0.5, 0.6], [0.2, 0.3, 0.4]),
  },
  fast: {
    file: {
      image_processor_type: 'ViTImageProcessorFast',
      size,
      crop_size: null,
      do_center_crop: null,
      image_mean: null,
      image_std: null,
    },
    channels: 3,
    planes: over([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]),
  },
  mobilevit: {
    file: { image_processor_type: 'MobileViTImageProcessor', size, do_center_crop: false },
    channels: 3,
    planes: (rgb) => rgb.map((byte) => byte / 255).reverse(),
  },
  caffe: {
    file: {
      size,
      do_rescale: false,
      image_mean: [123, 117, 104],
      image_std: [60, 61, 62],
      sightline: { channel_order: 'bgr' },
    },
    channels: 3,
    planes: ([r = 0, g = 0, b = 0]) => [(b - 104) / 62, (g - 117) / 61, (r - 123) / 60],
  },
  bytes: {
    file: { size, do_rescale: false, do_normalize: false },
    channels: 3,
    type: 'uint8',
    // The graph divides them itself.
    planes: (rgb) => rgb.map((byte) => byte / 255),
  },
  grey: {
    file: { size, image_mean: [0.13], image_std: [0.3] },
    channels: 1,
    planes: ([r = 0, g = 0, b = 0]) => [
      (Math.floor((r * 19595 + g * 38470 + b * 7471 + 32768) / 65536) / 255 - 0.13) / 0.3,
    ],
  },
};

interface Case {
  readonly labels: number;
  readonly isSingle: boolean;
  readonly activation: Activation | undefined;
  readonly problem: string | undefined;
  readonly applied: string | undefined;
  readonly positive: 0 | 1;
  readonly layout: 'nchw' | 'nhwc';
  readonly hasEmbedding: boolean;
  readonly processor: string;
  readonly seed: number;
}

const cases: fc.Arbitrary<Case> = fc.record({
  labels: fc.integer({ min: 1, max: 6 }),
  isSingle: fc.boolean(),
  activation: fc.constantFrom<(Activation | undefined)[]>(
    undefined,
    'Softmax',
    'LogSoftmax',
    'Sigmoid',
    'hidden-sigmoid',
  ),
  problem: fc.option(
    fc.constantFrom('single_label_classification', 'multi_label_classification', 'regression'),
    { nil: undefined, freq: 1 },
  ),
  applied: fc.option(fc.constantFrom('softmax', 'sigmoid', 'none'), { nil: undefined, freq: 1 }),
  positive: fc.constantFrom<(0 | 1)[]>(0, 1),
  layout: fc.constantFrom<('nchw' | 'nhwc')[]>('nchw', 'nhwc'),
  hasEmbedding: fc.boolean(),
  processor: fc.constantFrom(...Object.keys(PROCESSORS)),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

function softmax(values: readonly number[]): number[] {
  const exps = values.map((value) => Math.exp(value - Math.max(...values)));
  const sum = exps.reduce((a, b) => a + b);
  return exps.map((value) => value / sum);
}

/** The scores that the network's own framework would give, from the values before activation. */
function reference(
  { isOne, activation, problem, applied, positive, labels }: Case & { isOne: boolean },
  z: readonly number[],
): number[] | 'refused' {
  const isMulti = problem === 'multi_label_classification';
  const isSoftmax = activation === 'Softmax' || activation === 'LogSoftmax';
  if (labels === 1 || problem === 'regression') return 'refused';
  if (activation === undefined && applied === 'none') return 'refused';
  const each = (): number[] | 'refused' => {
    if (activation !== 'hidden-sigmoid') return z.map(sigmoid);
    if (applied === undefined) return 'refused';
    const given = z.map(sigmoid);
    return applied === 'none' ? given : given.map(sigmoid);
  };
  if (isOne) {
    if (isSoftmax || isMulti || applied === 'softmax') return 'refused';
    const scores = each();
    if (scores === 'refused') return scores;
    const [p = 0] = scores;
    return positive === 1 ? [1 - p, p] : [p, 1 - p];
  }
  const isExclusive =
    isSoftmax || problem === 'single_label_classification' || applied === 'softmax';
  const isIndependent = activation === 'Sigmoid' || isMulti || applied === 'sigmoid';
  if (isExclusive && isIndependent) return 'refused';
  if (isIndependent) return each();
  if (activation !== 'hidden-sigmoid') return softmax(z);
  return applied === 'softmax' ? softmax(z.map(sigmoid)) : 'refused';
}

/** The generator's network, in plain loops: convolution of stride 4, Relu, mean, matrix. */
function network(shape: ClassifierShape, planes: readonly number[][]): number[] {
  const weights = new Map(
    classifierGraph(shape).weights.map(({ name, values }) => [name, Array.from(values, Number)]),
  );
  const [kernel, bias] = [weights.get('kernel')!, weights.get('bias')!];
  const [matrix, offsets] = [weights.get('matrix')!, weights.get('offsets')!];
  const places = Math.floor((SIDE - 7) / 4) + 1;
  const features = bias.map((start, feature) => {
    let total = 0;
    for (let y = 0; y < places; y++) {
      for (let x = 0; x < places; x++) {
        let sum = start;
        for (let c = 0; c < planes.length; c++) {
          for (let ky = 0; ky < 7; ky++) {
            for (let kx = 0; kx < 7; kx++) {
              const weight = kernel[((feature * planes.length + c) * 7 + ky) * 7 + kx]!;
              sum += weight * planes[c]![(y * 4 + ky) * SIDE + x * 4 + kx]!;
            }
          }
        }
        total += Math.max(0, sum);
      }
    }
    return total / places ** 2;
  });
  return offsets.map((offset, i) =>
    features.reduce(
      (sum, value, feature) => sum + value * matrix[feature * offsets.length + i]!,
      offset,
    ),
  );
}

let count = 0;
let served = 0;

async function holds(given: Case): Promise<void> {
  const { labels, activation, problem, applied, positive, layout, hasEmbedding, seed } = given;
  const { file, channels, type, planes } = PROCESSORS[given.processor]!;
  const isOne = labels === 1 || (given.isSingle && labels === 2);
  const shape: ClassifierShape = {
    classes: isOne ? 1 : labels,
    height: SIDE,
    width: SIDE,
    channels,
    layout,
    seed,
    output: 'scores',
    activation,
    hasEmbedding,
    ...(type ? { type } : {}),
  };
  const pixels = Array.from({ length: SIDE * SIDE }, (_, i) =>
    planes([...picture.data.subarray(i * 3, i * 3 + 3)]),
  );
  const inputs = Array.from({ length: channels }, (_, c) => pixels.map((values) => values[c]!));
  const expected = reference({ ...given, isOne }, network(shape, inputs));
  const id = `case-${count++}`;
  const config = {
    ...configOf(labels),
    problem_type: problem,
    function_to_apply: applied,
    ...(labels === 2 ? { sightline: { positive } } : {}),
  };
  const folder = path.join(models, id);
  await writeModel(folder, { config, preprocessor: file, onnx: writeOnnx(classifierGraph(shape)) });
  if (expected === 'refused') {
    await expect(openBoth(folder, id)).rejects.toThrow();
    return;
  }
  served++;
  const both = await openBoth(folder, id);
  const tensor = imageToTensor(picture, both.model.preprocessing);
  for (const output of [await both.server(tensor), await both.device(tensor)]) {
    const { predictions } = rank(output, both.model, labels);
    expect(predictions).toHaveLength(labels);
    for (const { index, score } of predictions) {
      expect(Math.abs(score - expected[index]!)).toBeLessThan(TOLERANCE);
    }
  }
  await both.release();
}

test(
  'both runtimes agree with plain code, or the folder is refused',
  { timeout: 300_000 },
  async () => {
    await fc.assert(fc.asyncProperty(cases, holds), { seed: 20261127, numRuns: RUNS });
    expect(served).toBeGreaterThan(RUNS / 5);
  },
);
