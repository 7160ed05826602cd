import { describe, expect, test } from 'vitest';
import { averagePrecision, evaluateMultiLabel, fitMultiLabelTemperature } from './multi-label';

const logit = (p: number) => Math.log(p / (1 - p));

describe('average precision', () => {
  test.each<[number[], boolean[], number]>([
    [[0.9, 0.8, 0.7, 0.6], [true, false, true, false], (1 + 2 / 3) / 2],
    [[0.9, 0.1], [true, false], 1],
    [[0.9, 0.1], [false, true], 0.5],
    [[0.5, 0.5, 0.5, 0.5], [true, false, false, false], 0.25],
    [[0.9, 0.8], [false, false], 0],
  ])('%j, %j', (scores, isTrue, expected) => {
    expect(averagePrecision(scores, isTrue)).toBeCloseTo(expected, 12);
  });
});

const run = {
  logits: [
    [0.9, 0.2, 0.1],
    [0.8, 0.7, 0.1],
    [0.4, 0.6, 0.1],
    [0.3, 0.9, 0.2],
  ].map((scores) => Float32Array.from(scores, logit)),
  labels: [[0], [0, 1], [0], [1]],
};
const classes = [{ label: 'a' }, { label: 'b' }, { label: 'never' }];

test('a run has a mean over the labels that are shown, and each label its own figures', () => {
  const { images, meanAveragePrecision, perClass, calibration } = evaluateMultiLabel(
    run,
    classes,
    0.5,
  );
  expect(images).toBe(4);
  expect(perClass.map(({ label }) => label)).toEqual(['a', 'b']);
  expect(perClass[0]).toMatchObject({ support: 3, precision: 1, recall: 0.6667, f1: 0.8 });
  expect(perClass[1]).toMatchObject({ support: 2, precision: 0.6667, recall: 1, f1: 0.8 });
  expect(meanAveragePrecision).toBe(1);
  expect(calibration.bins.reduce((sum, { count }) => sum + count, 0)).toBe(6);
});

test('drift has its baseline: labels that were given, and highest scores by tenth', () => {
  // A score is over 0.5 where its logit is positive, whatever the temperature.
  const { baseline } = evaluateMultiLabel(run, classes, 0.5);
  expect(baseline.labels).toEqual([2, 3, 0]);
  expect(baseline.confidence.reduce((sum, n) => sum + n, 0)).toBe(4);
  expect(baseline.confidence.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
});

test('the temperature is that of the smallest cross-entropy', () => {
  // Of four pictures with the logit 2 three show the label: sigmoid(2 / T) is 3/4.
  const logits = Array.from({ length: 4 }, () => Float32Array.of(2));
  const temperature = fitMultiLabelTemperature({ logits, labels: [[0], [0], [0], []] });
  expect(temperature).toBeCloseTo(2 / Math.log(3), 6);
});

test.each([
  [{ logits: [new Float32Array(3)], labels: [[0]] }],
  [{ logits: [new Float32Array(3), new Float32Array(3)], labels: [[], []] }],
])('too little to measure is refused: %j', (few) => {
  expect(() => evaluateMultiLabel(few, classes, 0.5)).toThrow(RangeError);
});
