import { describe, expect, test } from 'vitest';
import { labelGroups, labelStabilityIndex, LEAST_ANSWERS, MOVED, stabilityIndex } from './drift';
import { seededRandom } from './random';

const EVEN = Array<number>(10).fill(1000);

describe('the population stability index', () => {
  test('is 0 where the shares are the same, whatever the counts', () => {
    expect(stabilityIndex(EVEN, EVEN)).toBe(0);
    expect(stabilityIndex([20, 60], [20_000, 60_000])).toBeCloseTo(0, 3);
  });

  test('is the sum over bins, with half a picture more in each', () => {
    // Shares of 3½ and 1½ out of 5, against 1½ and 3½: 2 · 0.4 · ln(3.5 / 1.5)
    expect(stabilityIndex([3, 1], [1, 3])).toBeCloseTo(0.8 * Math.log(7 / 3), 12);
  });

  test('is finite where a bin is empty, and the same from both sides', () => {
    const psi = stabilityIndex([0, 1000], [1000, 0]);
    expect(psi).toBeGreaterThan(MOVED.much);
    expect(psi).toBeLessThan(Infinity);
    expect(stabilityIndex([1000, 0], [0, 1000])).toBeCloseTo(psi, 12);
  });

  test('does not compare what has other bins', () => {
    expect(() => stabilityIndex([1], [1, 2])).toThrow(RangeError);
  });

  test('finds no drift in random samples of at least the smallest number of answers', () => {
    const random = seededRandom(5);
    for (let round = 0; round < 200; round++) {
      const drawn = Array<number>(10).fill(0);
      for (let i = 0; i < LEAST_ANSWERS; i++) drawn[Math.floor(random() * 10)]! += 1;
      expect(stabilityIndex(drawn, EVEN)).toBeLessThan(MOVED.much);
    }
  });
});

describe('groups of classes', () => {
  test('have about the same share of the baseline', () => {
    const baseline = Array.from({ length: 200 }, (_, i) => 20 + ((i * 37) % 61));
    const groups = labelGroups(baseline);
    const total = baseline.reduce((sum, n) => sum + n, 0);
    for (let group = 0; group < 10; group++) {
      const own = baseline.filter((_, i) => groups[i] === group);
      expect(own.reduce((sum, n) => sum + n, 0) / total).toBeCloseTo(0.1, 1);
    }
  });

  test('are of neighbours, and few classes are groups of their own', () => {
    expect(labelGroups([10, 0, 10])).toEqual([2, 5, 7]);
    expect(labelGroups([0, 0])).toEqual([0, 0]);
  });

  test('move with what is asked about, not with which of the rare classes came by', () => {
    const baseline = Array<number>(200).fill(50);
    const rare = baseline.map((_, i) => (i % 2 === 0 ? 100 : 0));
    expect(labelStabilityIndex(rare, baseline)).toBeLessThan(0.01);
    const half = baseline.map((_, i) => (i < 100 ? 100 : 0));
    expect(labelStabilityIndex(half, baseline)).toBeGreaterThan(MOVED.much);
  });
});
