import { expect, test } from 'vitest';
import { count, milliseconds, share } from './words';

test.each([
  [null, '–'],
  [undefined, '–'],
  [0.04, '0'],
  [12.34, '12.3'],
  [99.96, '100'],
  [2300, '2,300'],
])('%s ms reads %s', (value, text) => {
  expect(milliseconds(value)).toBe(text);
});

test('shows a dash for a share without a total', () => {
  expect([share(148, 1453), share(0, 5), share(0, 0)]).toEqual(['10.2 %', '0.0 %', '–']);
});

test('thousands are set apart', () => {
  expect(count(16000)).toBe('16,000');
});
