import { expect, test } from 'vitest';
import { fileWords, largeModelSentence, notAheadSentence } from './device';

test.each([
  [2_140_000, 'model.onnx, 2.1 MB'],
  [99_900, 'model.onnx, 99.9 kB'],
])('a file of %d bytes reads "%s"', (bytes, expected) => {
  expect(fileWords({ name: 'model.onnx', bytes })).toBe(expected);
});

test('a large model is named with its size, before and after it is asked for', () => {
  expect(largeModelSentence(51_000_000)).toContain('is large: 51.0 MB.');
  expect(notAheadSentence(51_000_000)).toContain('it is large, 51.0 MB.');
});
