/** Heads of models as teams bring them, on both runtimes, against what is worked out by hand. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rank } from '@/lib/shared/vision/answer';
import { imageToTensor } from '@/lib/shared/vision/tensor';
import {
  classifierOnnx,
  type Activation,
  type ClassifierShape,
} from '../harness/models/classifier';
import { configOf, writeModel } from '../harness/models/folders';
import { openBoth } from '../harness/models/runtimes';

let models: string;

beforeAll(async () => {
  models = await mkdtemp(path.join(tmpdir(), 'sightline-heads-'));
});

afterAll(() => rm(models, { recursive: true }));

const SIDE = 32;
const preprocessor = {
  size: { height: SIDE, width: SIDE },
  do_normalize: true,
  image_mean: [0.5, 0.5, 0.5],
  image_std: [0.5, 0.5, 0.5],
};

const picture = {
  data: Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (i * 7 + (i % 11) * 9) % 256),
  width: SIDE,
  height: SIDE,
  channels: 3,
} as const;

let count = 0;

async function answers(shape: ClassifierShape, config: object, labels = shape.classes) {
  const id = `head-${count++}`;
  const folder = path.join(models, id);
  const onnx = classifierOnnx({ height: SIDE, width: SIDE, ...shape });
  await writeModel(folder, { config: { ...configOf(labels), ...config }, preprocessor, onnx });
  const both = await openBoth(folder, id);
  const tensor = imageToTensor(picture, both.model.preprocessing);
  const [server, device] = [await both.server(tensor), await both.device(tensor)];
  await both.release();
  const ranked = [server, device].map((output) => rank(output, both.model, labels));
  return { head: both.model.head, ranked, server };
}

/** The graph's own values before any activation, from the same weights. */
async function logitsOf(classes: number): Promise<number[]> {
  const { server } = await answers({ classes, seed: 5 }, {}, Math.max(2, classes));
  return classes === 1 ? [server.logits[1]!] : Array.from(server.logits);
}

const scoresByIndex = (predictions: readonly { index: number; score: number }[]) =>
  [...predictions].sort((a, b) => a.index - b.index).map(({ score }) => score);

function expectScores(
  ranked: readonly { predictions: readonly { index: number; score: number }[] }[],
  expected: readonly number[],
): void {
  for (const { predictions } of ranked) {
    scoresByIndex(predictions).forEach((score, i) => expect(score).toBeCloseTo(expected[i]!, 4));
  }
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

const MULTI = { problem_type: 'multi_label_classification' };

describe('labels by themselves', () => {
  test.each<[string, Activation | undefined, object]>([
    ['a Sigmoid at the end', 'Sigmoid', {}],
    ['logits and problem_type', undefined, MULTI],
    ['a Sigmoid and problem_type, once', 'Sigmoid', MULTI],
    ['logits and function_to_apply', undefined, { function_to_apply: 'sigmoid' }],
    ['a Sigmoid and function_to_apply, once', 'Sigmoid', { function_to_apply: 'sigmoid' }],
    [
      'a hidden sigmoid that config.json tells',
      'hidden-sigmoid',
      { ...MULTI, function_to_apply: 'none' },
    ],
  ])('%s', async (_, activation, config) => {
    const logits = await logitsOf(10);
    const { head, ranked } = await answers({ classes: 10, activation, seed: 5 }, config);
    expect(head.kind).toBe('multi-label');
    expectScores(ranked, logits.map(sigmoid));
    for (const { head: kind, predictions } of ranked) {
      expect(kind).toBe('multi-label');
      for (const { score, selected } of predictions) expect(selected).toBe(score >= 0.5);
    }
  });

  test('the folder may say the threshold', async () => {
    const config = { ...MULTI, sightline: { threshold: 0.9 } };
    const { ranked } = await answers({ classes: 10, seed: 5 }, config);
    for (const { score, selected } of ranked[0]!.predictions) expect(selected).toBe(score >= 0.9);
  });
});

describe('one output for two labels', () => {
  test.each<[string, Activation | undefined, object]>([
    ['Sigmoid', 'Sigmoid', {}],
    ['a logit', undefined, {}],
    ['a logit and function_to_apply', undefined, { function_to_apply: 'sigmoid' }],
    ['a hidden sigmoid that config.json tells', 'hidden-sigmoid', { function_to_apply: 'none' }],
  ])('%s: the second label has p, the first 1 − p', async (_, activation, config) => {
    const [logit] = await logitsOf(1);
    const { head, ranked } = await answers({ classes: 1, activation, seed: 5 }, config, 2);
    expect(head).toMatchObject({ kind: 'binary', positive: 1 });
    expectScores(ranked, [1 - sigmoid(logit!), sigmoid(logit!)]);
  });

  test.each([[0], ['kind 0']])(
    'the folder says that %j is the positive label',
    async (positive) => {
      const [logit] = await logitsOf(1);
      const { ranked } = await answers({ classes: 1, seed: 5 }, { sightline: { positive } }, 2);
      expectScores(ranked, [sigmoid(logit!), 1 - sigmoid(logit!)]);
    },
  );
});

describe('classes that exclude each other', () => {
  test.each<[Activation | undefined, object]>([
    [undefined, {}],
    ['Softmax', {}],
    ['LogSoftmax', {}],
    ['Softmax', { function_to_apply: 'softmax' }],
    ['Softmax', { function_to_apply: 'none', problem_type: 'single_label_classification' }],
  ])('%s, %j', async (activation, config) => {
    const exps = (await logitsOf(10)).map(Math.exp);
    const sum = exps.reduce((a, b) => a + b);
    const { head, ranked } = await answers({ classes: 10, activation, seed: 5 }, config);
    expect(head.kind).toBe('single-label');
    expectScores(
      ranked,
      exps.map((value) => value / sum),
    );
    expect(ranked[0]!.predictions[0]!.selected).toBeUndefined();
  });

  test('the output that fits the labels is taken, not the first', async () => {
    const shape = { classes: 10, seed: 5, hasEmbedding: true, output: 'scores' };
    const exps = (await logitsOf(10)).map(Math.exp);
    const sum = exps.reduce((a, b) => a + b);
    const { head, ranked } = await answers(shape, {});
    expect(head.output).toBe('scores');
    expectScores(
      ranked,
      exps.map((value) => value / sum),
    );
  });
});

describe('refused, with the reason', () => {
  test.each<[string, ClassifierShape, object, number, string]>([
    ['one label', { classes: 1 }, {}, 1, 'expected at least two labels'],
    [
      'a regression',
      { classes: 2 },
      { problem_type: 'regression' },
      2,
      'problem_type is "regression"',
    ],
    [
      'Softmax and multi label',
      { classes: 4, activation: 'Softmax' },
      MULTI,
      4,
      'the graph ends in Softmax and problem_type in config.json is "multi_label_classification"',
    ],
    [
      'Sigmoid and single label',
      { classes: 4, activation: 'Sigmoid' },
      { problem_type: 'single_label_classification' },
      4,
      'problem_type in config.json is "single_label_classification" and the graph ends in Sigmoid',
    ],
    [
      'Softmax and sigmoid',
      { classes: 4, activation: 'Softmax' },
      { function_to_apply: 'sigmoid' },
      4,
      'the graph ends in Softmax and function_to_apply in config.json is "sigmoid"',
    ],
    [
      'logits and none',
      { classes: 4 },
      { function_to_apply: 'none' },
      4,
      'function_to_apply in config.json is "none" and the graph ends in Gemm, which gives logits',
    ],
    [
      'one output with a Softmax',
      { classes: 1, activation: 'Softmax' },
      {},
      2,
      'the graph has one output for two labels, but the graph ends in Softmax',
    ],
    [
      'one output for two labels by themselves',
      { classes: 1 },
      MULTI,
      2,
      'the graph has one output for two labels, but problem_type',
    ],
    [
      'what cannot be told',
      { classes: 1, activation: 'hidden-sigmoid' },
      {},
      2,
      'cannot tell whether output "logits" holds logits or scores from 0 to 1',
    ],
    [
      'two outputs that fit',
      { classes: 12, hasEmbedding: true, output: 'scores' },
      {},
      12,
      '"embedding" and "scores" fit; choose with',
    ],
    [
      'a positive label that is none',
      { classes: 1 },
      { sightline: { positive: 'else' } },
      2,
      'expected positive to be "kind 0" or "kind 1", received "else"',
    ],
    [
      'ZipMap',
      { classes: 2, zipMap: ['a', 'b'] },
      {},
      2,
      'expected a tensor of scores, but the graph ends in ZipMap',
    ],
  ])('%s', async (_, shape, config, labels, says) => {
    await expect(answers(shape, config, labels)).rejects.toThrow(says);
  });
});
