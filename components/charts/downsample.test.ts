import { describe, expect, test } from 'vitest';
import { chooseRows, thinDots } from './downsample';

const wave = Array.from({ length: 10_000 }, (_, i) => Math.sin(i / 300));

describe('chooseRows', () => {
  test('keeps all of a few', () => {
    expect(chooseRows([[1, null, 3]], 240)).toEqual([0, 1, 2]);
    expect(chooseRows([], 240)).toEqual([]);
  });

  test('keeps the ends and about as many as asked for, of several lines together', () => {
    const rows = chooseRows([wave, wave.toReversed()], 240);
    expect(rows.length).toBeLessThanOrEqual(242);
    expect([rows[0], rows.at(-1)]).toEqual([0, 9_999]);
    expect(rows).toEqual([...new Set(rows)].sort((a, b) => a - b));
  });

  test('keeps a single peak', () => {
    const values = wave.map((value, i) => (i === 4_321 ? 50 : value));
    expect(chooseRows([values], 100)).toContain(4_321);
  });

  test('keeps the edges of a gap', () => {
    const values = wave.map((value, i) => (i >= 5_000 && i < 5_400 ? null : value));
    const rows = chooseRows([values], 100);
    expect(rows).toEqual(expect.arrayContaining([5_000, 5_399]));
  });

  test('ignores gaps that are too narrow to be visible', () => {
    const values = wave.map((value, i) => (i % 2 ? null : value));
    expect(chooseRows([values], 100).length).toBeLessThan(110);
  });

  test('accepts a line that has only gaps', () => {
    expect(chooseRows([wave.map(() => null)], 100)).toEqual([0, 9_999]);
  });
});

describe('thinDots', () => {
  test('keeps one dot of those that cover each other', () => {
    const dots = Array.from({ length: 10_000 }, (_, i) => ({ x: (i % 100) / 100, y: i / 10_000 }));
    const thin = thinDots(dots, 20, 16);
    expect(thin.length).toBe(320);
    expect(thinDots(dots.slice(0, 5), 20, 16)).toHaveLength(5);
  });
});
