import { expect, test } from 'vitest';
import { roundToHundredths } from './round';

test.each([
  [1.005, 1],
  [12.3456, 12.35],
  [0, 0],
])('%d is %d in hundredths', (value, expected) => {
  expect(roundToHundredths(value)).toBe(expected);
});
