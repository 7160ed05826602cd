import { expect, test } from 'vitest';
import { formatDuration, formatFileSize, formatMegabytes, formatPercent } from './format';

test.each([
  [0, '0.0 %'],
  [0.831, '83.1 %'],
  [1, '100.0 %'],
])('the share %d reads "%s"', (share, expected) => {
  expect(formatPercent(share)).toBe(expected);
});

test.each([
  [2, '2.0 ms'],
  [9.96, '10.0 ms'],
  [12.4, '12 ms'],
  [2000, '2.0 s'],
])('%d ms reads "%s"', (milliseconds, expected) => {
  expect(formatDuration(milliseconds)).toBe(expected);
});

test.each([
  [999, '999 B'],
  [13_049, '13.0 kB'],
  [8_741_000, '8.7 MB'],
])('%d bytes read "%s"', (bytes, expected) => {
  expect(formatFileSize(bytes)).toBe(expected);
});

test('megabytes are megabytes, however few', () => {
  expect(formatMegabytes(40_000)).toBe('0.0 MB');
});
