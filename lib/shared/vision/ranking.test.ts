import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { givenLabels, sigmoid, softmax, topK } from './ranking';

describe('softmax', () => {
  test('gives probabilities that sum to one, in the order of the logits', () => {
    const probabilities = softmax([1, 2, 3]);
    expect(probabilities.reduce((sum, value) => sum + value)).toBeCloseTo(1, 12);
    expect(probabilities[2]).toBeCloseTo(0.66524, 5);
  });

  test('does not overflow on large logits', () => {
    expect([...softmax([1000, 1000])]).toEqual([0.5, 0.5]);
  });

  test('does not change when all logits shift', () => {
    const shifted = softmax([101, 102, 103]);
    softmax([1, 2, 3]).forEach((value, i) => expect(shifted[i]).toBeCloseTo(value, 12));
  });

  test('a temperature below one makes surer, above one less sure, and keeps the order', () => {
    const [cold, own, hot] = [0.5, 1, 2].map((temperature) => softmax([1, 2, 3], temperature));
    expect(cold![2]).toBeGreaterThan(own![2]!);
    expect(hot![2]).toBeLessThan(own![2]!);
    softmax([2, 4, 6]).forEach((value, i) => expect(cold![i]).toBeCloseTo(value, 12));
  });

  test.each([NaN, Infinity, -Infinity])('refuses %d', (bad) => {
    expect(() => softmax([0, bad])).toThrow('class 1');
  });
});

describe('topK', () => {
  const probabilities = Float64Array.of(0.2, 0.5, 0.2, 0.1);

  test('ranks falling, equal scores in the order of classes', () => {
    expect(topK(probabilities, ['a', 'b', 'c', 'd'], 3)).toEqual([
      { label: 'b', index: 1, score: 0.5 },
      { label: 'a', index: 0, score: 0.2 },
      { label: 'c', index: 2, score: 0.2 },
    ]);
  });

  test('gives all classes when asked for more', () => {
    expect(topK(probabilities, ['a', 'b', 'c', 'd'], 99)).toHaveLength(4);
  });
});

test('sigmoid gives each class what it gets by itself', () => {
  expect([...sigmoid([0, 100, -100])]).toEqual([0.5, 1, expect.closeTo(0, 12) as number]);
});

test('names the first label, or all selected labels of a multi-label model', () => {
  expect(givenLabels([4, 2].map((index) => ({ index, selected: undefined })))).toHaveLength(1);
  const several = [true, true, false].map((selected, index) => ({ index, selected }));
  expect(givenLabels(several).map(({ index }) => index)).toEqual([0, 1]);
  expect(givenLabels(several.slice(2))).toEqual([]);
  expect(givenLabels([])).toEqual([]);
});

test('topK gives what sorting all classes would, however many are equal', () => {
  const scores = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(scores, fc.nat(61), (values, k) => {
      const sorted = values
        .map((score, index) => ({ label: `class ${index}`, index, score }))
        .sort((a, b) => b.score - a.score || a.index - b.index);
      expect(topK(values, [], k)).toEqual(sorted.slice(0, k));
    }),
  );
});
