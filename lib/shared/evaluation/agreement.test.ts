import { describe, expect, test } from 'vitest';
import { measureAgreement } from './agreement';

describe('measureAgreement', () => {
  test('the largest difference of any class on any picture counts', () => {
    const full = [
      [0.9, 0.1],
      [0.5, 0.5],
    ];
    const other = [
      [0.895, 0.105],
      [0.51, 0.49],
    ];
    const { maxScoreDifference, sameTop1, agrees } = measureAgreement(full, other);
    expect(maxScoreDifference).toBeCloseTo(0.01, 12);
    expect(sameTop1).toBe(true);
    expect(agrees).toBe(true);
  });

  test('another first label is no agreement', () => {
    expect(measureAgreement([[0.6, 0.4]], [[0.4, 0.6]])).toMatchObject({
      sameTop1: false,
      agrees: false,
    });
  });

  test('the same first label is none either, when the scores are too far apart', () => {
    expect(measureAgreement([[0.9, 0.1]], [[0.85, 0.15]])).toMatchObject({
      sameTop1: true,
      agrees: false,
    });
  });

  test('where two labels are level, either may come first', () => {
    expect(measureAgreement([[0.501, 0.499]], [[0.499, 0.501]])).toMatchObject({
      sameTop1: true,
      agrees: true,
    });
  });

  test('one class agrees with itself', () => {
    expect(measureAgreement([[1]], [[1]])).toEqual({
      maxScoreDifference: 0,
      sameTop1: true,
      agrees: true,
    });
  });

  test('lists of different length are refused', () => {
    expect(() => measureAgreement([[1]], [])).toThrow('expected 1 pictures, received 0');
    expect(() => measureAgreement([[1, 0]], [[1]])).toThrow('expected 2 classes, received 1');
  });
});
