import { expect, test } from 'vitest';
import { median, quantile } from './quantile';

test.each([
  [0, 1],
  [0.25, 1],
  [0.26, 2],
  [0.5, 2],
  [0.95, 4],
  [1, 4],
])('the quantile %d of 1 to 4 is %d, in whatever order they come', (share, expected) => {
  expect(quantile([3, 1, 4, 2], share)).toBe(expected);
});

test('the median is the middle value', () => {
  expect(median([30, 10, 20])).toBe(20);
});

test('there is no quantile of nothing', () => {
  expect(quantile([], 0.5)).toBeNaN();
});

test('the values stay as they are', () => {
  const values = [3, 1, 2];
  quantile(values, 0.5);
  expect(values).toEqual([3, 1, 2]);
});
