import { expect, test } from 'vitest';
import { flow, spread } from './direct-labels';

test('labels that would cover each other are moved apart, in their order', () => {
  expect(spread([100, 101, 40], 15, 0, 200)).toEqual([100, 115, 40]);
});

test('labels stay within the plot', () => {
  expect(spread([198, 199, 200], 15, 0, 200)).toEqual([170, 185, 200]);
  expect(spread([0, 0], 15, 0, 200)).toEqual([15, 0]);
});

test('names above the plot go on in another line where one is full', () => {
  const lines = flow(['Answered', 'Limited (429)', 'Shed (503)', 'Failed'], 300);
  expect(lines.map(({ line }) => line)).toEqual([0, 0, 0, 1]);
  expect(lines[3]!.x).toBe(0);
});
