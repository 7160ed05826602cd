import { expect, test } from 'vitest';
import { comparePredictions } from './comparison';

const predictions = (...scores: number[]) =>
  scores.map((score, index) => ({ label: `class ${index}`, index, score }));

test('equal answers agree', () => {
  expect(comparePredictions(predictions(0.7, 0.3), predictions(0.7, 0.3))).toEqual({
    agrees: true,
    largestDifference: 0,
  });
});

test('the order of an answer does not matter', () => {
  const turned = predictions(0.7, 0.3).reverse();
  expect(comparePredictions(predictions(0.7, 0.3), turned).agrees).toBe(true);
});

test('one class too far off is disagreement', () => {
  const { agrees, largestDifference } = comparePredictions(
    predictions(0.7, 0.3),
    predictions(0.67, 0.33),
  );
  expect(agrees).toBe(false);
  expect(largestDifference).toBeCloseTo(0.03);
});

test('a class that only one side names counts', () => {
  expect(comparePredictions(predictions(0.9), predictions(0.9, 0.1)).agrees).toBe(false);
});

test('what is not a number never agrees', () => {
  expect(comparePredictions(predictions(0.9), predictions(NaN)).agrees).toBe(false);
});
