import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { availableProcessors, parseCpuMax, workersFor } from './processors';

test.each([
  ['200000 100000', 2],
  ['50000 100000', 0.5],
  ['max 100000', Infinity],
  ['-1 100000', Infinity],
  ['', Infinity],
])('cpu.max of "%s" grants %d processors', (text, expected) => {
  expect(parseCpuMax(text)).toBe(expected);
});

test('there is at least one processor and no more than the machine has', () => {
  expect(availableProcessors()).toBeGreaterThanOrEqual(1);
  expect(availableProcessors()).toBeLessThanOrEqual(availableParallelism());
});

test.each([
  [1, 1],
  [2, 3],
  [3, 4],
  [8, 9],
])('%d processors have %d workers', (processors, workers) => {
  expect(workersFor(processors)).toBe(workers);
});
