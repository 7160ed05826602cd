import { describe, expect, test } from 'vitest';
import { extendTo, NOTHING_SELECTED, toggle, toggleAll, type Selection } from './selection';

const ORDER = [5, 3, 9, 1];
const idsOf = ({ ids }: Selection) => [...ids].sort((a, b) => a - b);

describe('a selection', () => {
  test('takes and gives back one at a time', () => {
    const one = toggle(NOTHING_SELECTED, 3);
    expect(idsOf(toggle(one, 9))).toEqual([3, 9]);
    expect(idsOf(toggle(one, 3))).toEqual([]);
    expect(idsOf(NOTHING_SELECTED)).toEqual([]);
  });

  test('reaches from the last touched one, in the order of the page, either way', () => {
    expect(idsOf(extendTo(toggle(NOTHING_SELECTED, 3), ORDER, 1))).toEqual([1, 3, 9]);
    expect(idsOf(extendTo(toggle(NOTHING_SELECTED, 1), ORDER, 3))).toEqual([1, 3, 9]);
    const shrunk = extendTo(extendTo(toggle(NOTHING_SELECTED, 5), ORDER, 3), ORDER, 9);
    expect(idsOf(shrunk)).toEqual([3, 5, 9]);
  });

  test('begins where nothing was touched, or what was is not shown any more', () => {
    expect(idsOf(extendTo(NOTHING_SELECTED, ORDER, 9))).toEqual([9]);
    expect(idsOf(extendTo(toggle(NOTHING_SELECTED, 77), ORDER, 9))).toEqual([9, 77]);
  });

  test('takes a whole group, and gives it back', () => {
    const some = toggleAll(toggle(NOTHING_SELECTED, 3), [3, 9]);
    expect(idsOf(some)).toEqual([3, 9]);
    expect(idsOf(toggleAll(toggle(some, 5), [3, 9]))).toEqual([5]);
  });
});
