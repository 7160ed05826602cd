/** Compares with the same figures computed by another way: plain loops over the definitions. */
import { describe, expect, test } from 'vitest';
import { evaluationSchema } from '../model/evaluation';
import { fitTemperature, meanNll, type LabelledRun } from './calibration';
import { evaluate } from './evaluate';

const CLASSES = 7;
const PICTURES = 400;

/** Outputs from a linear congruential generator, so that every run is the same. */
function makeRun(): LabelledRun {
  let state = 42;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const labels = Array.from({ length: PICTURES }, () => Math.floor(next() * CLASSES));
  const logits = labels.map((label) => {
    const values = Float32Array.from({ length: CLASSES }, () => 6 * next());
    if (next() < 0.6) values[label]! += 3;
    return values;
  });
  return { logits, labels };
}

const run = makeRun();
const classes = Array.from({ length: CLASSES }, (_, i) => ({
  label: `label ${i}`,
  synset: `n${i}`,
}));
const evaluation = evaluate(run, classes);

/** Softmax by its definition, without subtracting the maximum. */
function plainSoftmax(values: Float32Array, temperature = 1): number[] {
  const powers = [...values].map((value) => Math.E ** (value / temperature));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

const ranked = run.logits.map((values) =>
  [...values.keys()].sort((a, b) => values[b]! - values[a]!),
);
const predicted = ranked.map(([first]) => first!);

function count(test: (picture: number) => boolean): number {
  let found = 0;
  for (let picture = 0; picture < PICTURES; picture++) if (test(picture)) found++;
  return found;
}

function plainNll(pictures: readonly number[], temperature: number): number {
  const losses = pictures.map(
    (i) => -Math.log(plainSoftmax(run.logits[i]!, temperature)[run.labels[i]!]!),
  );
  return losses.reduce((a, b) => a + b) / losses.length;
}

/** Expected calibration error; looks up the bin of each picture among the bounds. */
function plainEce(pictures: readonly number[], temperature: number): number {
  let error = 0;
  for (let bin = 0; bin < 15; bin++) {
    const inside = pictures.filter((i) => {
      const confidence = Math.max(...plainSoftmax(run.logits[i]!, temperature));
      return confidence > bin / 15 && confidence <= (bin + 1) / 15;
    });
    let gap = 0;
    for (const i of inside) {
      gap += Math.max(...plainSoftmax(run.logits[i]!, temperature));
      gap -= predicted[i] === run.labels[i] ? 1 : 0;
    }
    error += Math.abs(gap) / pictures.length;
  }
  return error;
}

const all = [...Array(PICTURES).keys()];
const fitted = all.filter((i) => i % 2 === 0);
const measured = all.filter((i) => i % 2 === 1);

describe('evaluate agrees with the definitions', () => {
  test('accuracy', () => {
    expect(evaluation.images).toBe(PICTURES);
    const { top1, top5 } = evaluation.accuracy;
    expect(top1).toBeCloseTo(count((i) => predicted[i] === run.labels[i]) / PICTURES, 4);
    const inFive = count((i) => ranked[i]!.slice(0, 5).includes(run.labels[i]!));
    expect(top5).toBeCloseTo(inFive / PICTURES, 4);
    expect(top5).toBeGreaterThan(top1);
  });

  test('each class', () => {
    expect(evaluation.perClass).toHaveLength(CLASSES);
    for (const { index, synset, label, support, precision, recall, f1 } of evaluation.perClass) {
      const hits = count((i) => run.labels[i] === index && predicted[i] === index);
      const missed = count((i) => run.labels[i] === index && predicted[i] !== index);
      const wrongly = count((i) => run.labels[i] !== index && predicted[i] === index);
      expect({ synset, label, support }).toEqual({ ...classes[index], support: hits + missed });
      expect(precision).toBeCloseTo(hits / (hits + wrongly), 3);
      expect(recall).toBeCloseTo(hits / (hits + missed), 3);
      expect(f1).toBeCloseTo(hits / (hits + (missed + wrongly) / 2), 3);
    }
  });

  test('the confusion, and the largest of it off the diagonal', () => {
    const total = evaluation.confusion.reduce((sum, [, , cell]) => sum + cell, 0);
    expect(total).toBe(PICTURES);
    for (const [actual, taken, cell] of evaluation.confusion) {
      expect(cell).toBe(count((i) => run.labels[i] === actual && predicted[i] === taken));
    }
    const mistakes = evaluation.confusion.filter(([actual, taken]) => actual !== taken);
    const largest = mistakes.map(([, , cell]) => cell).sort((a, b) => b - a);
    expect(evaluation.mostConfused.map((pair) => pair.count)).toEqual(largest.slice(0, 25));
  });

  test('negative log-likelihood, and the temperature that makes it smallest', () => {
    expect(evaluation.nll).toBeCloseTo(plainNll(all, 1), 4);
    const grid = Array.from({ length: 400 }, (_, i) => 0.2 + i * 0.01);
    const losses = grid.map((temperature) => plainNll(fitted, temperature));
    const best = grid[losses.indexOf(Math.min(...losses))]!;
    expect(Math.abs(evaluation.calibration.temperature - best)).toBeLessThan(0.01);
  });

  test('calibration, measured on what the temperature was not fitted on', () => {
    const { ece, bins, temperature } = evaluation.calibration;
    expect(ece.before).toBeCloseTo(plainEce(measured, 1), 4);
    expect(ece.after).toBeCloseTo(plainEce(measured, temperature), 3);
    expect(ece.after).toBeLessThan(ece.before);
    expect(bins).toHaveLength(15);
    expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(measured.length);
  });

  test('it is what the schema of evaluation.json allows', () => {
    expect(evaluationSchema.parse(evaluation)).toEqual(evaluation);
  });
});

describe('at the edges', () => {
  const right = { logits: [Float32Array.of(9, 0), Float32Array.of(0, 9)], labels: [0, 1] };

  test('a model that is always right gets the lowest temperature, not 0', () => {
    expect(fitTemperature(right)).toBeCloseTo(0.01, 6);
    expect(evaluate(right, classes).calibration.ece.after).toBe(0);
  });

  test('logits of any size give finite losses', () => {
    const run = { logits: [Float32Array.of(1e5, -1e5)], labels: [1] };
    expect(meanNll(run)).toBeCloseTo(2e5, 3);
  });

  test('classes without pictures are left out, pictures of a class never named have precision 0', () => {
    const run = { logits: [Float32Array.of(9, 0, 0), Float32Array.of(9, 0, 0)], labels: [0, 1] };
    expect(evaluate(run, classes).perClass).toMatchObject([
      { index: 0, precision: 0.5, recall: 1, f1: 0.6667 },
      { index: 1, precision: 0, recall: 0, f1: 0 },
    ]);
  });

  test('equal values rank in the order of classes', () => {
    const run = { logits: [Float32Array.of(1, 1), Float32Array.of(1, 1)], labels: [0, 1] };
    expect(evaluate(run, classes).accuracy).toEqual({ top1: 0.5, top5: 1 });
  });

  test('one picture is not enough to fit and to measure', () => {
    expect(() => evaluate({ logits: [Float32Array.of(1)], labels: [0] }, classes)).toThrow(
      'at least 2 pictures',
    );
  });
});
