import { expect, test } from 'vitest';
import { describeRatio, ratioOf } from './ratio';

test('a ratio is taken round by round', () => {
  expect(ratioOf([8, 1, 9], [10, 2, 10])).toEqual({ median: 0.8, least: 0.5, most: 0.9 });
});

test('rounds must match', () => {
  expect(() => ratioOf([1], [])).toThrow('expected as many rounds of each, received 1 and 0');
});

test('reports a missed requirement', () => {
  const ratio = { median: 0.79, least: 0.5, most: 0.9 };
  expect(describeRatio('a', ratio, { least: 0.8 })).toEqual({
    text: 'a: 0.79 (0.50 to 0.90; at least 0.80) MISSED',
    holds: false,
  });
  expect(describeRatio('a', ratio, { least: 0.79 }).holds).toBe(true);
  expect(describeRatio('a', ratio, { most: 0.79 }).holds).toBe(true);
  expect(describeRatio('a', ratio, { most: 0.78 }).text).toContain('at most 0.78) MISSED');
  expect(describeRatio('a', ratio)).toEqual({ text: 'a: 0.79 (0.50 to 0.90)', holds: true });
});
