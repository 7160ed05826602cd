import { describe, expect, test } from 'vitest';
import { baselineOf, evaluateUncertainty, fitRule, type LabelledOutput } from './fit';
import { nonPictures } from './non-pictures';
import { seededRandom } from './random';

/**
 * Outputs for pictures of class 0. Its logit is 0 to 5, and the activations are strong in some
 * places.
 */
function pictures(count: number, seed: number): LabelledOutput[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => ({
    actual: 0,
    logits: [random() * 5, 0, 0],
    activationEnergySpread: 3 + random() * 4,
  }));
}

function nothing(count: number): { logits: number[]; activationEnergySpread: number }[] {
  return Array.from({ length: count }, (_, i) => ({
    logits: [4, 0, 0],
    activationEnergySpread: (i / count) * 3.1,
  }));
}

describe('the rule', () => {
  test('calls few rightly answered pictures uncertain, and nearly all pictures of nothing', () => {
    const { uncertainty } = evaluateUncertainty(
      { fitted: pictures(1000, 1), measured: pictures(1000, 2) },
      { fitted: nothing(100), measured: nothing(100) },
      1,
    );
    expect(uncertainty.likeness?.score).toBe('evidence-spread');
    expect(uncertainty.measured.right.uncertain).toBeLessThanOrEqual(0.15);
    expect(uncertainty.measured.nonPictures.uncertain).toBeGreaterThanOrEqual(0.9);
    expect(uncertainty.measured.wrong).toEqual({ pictures: 0, uncertain: 0 });
  });

  test('goes by the energy where the model has no activations', () => {
    const bare = pictures(100, 1).map(({ actual, logits }) => ({ actual, logits }));
    expect(fitRule(bare, [], 1).likeness?.score).toBe('energy');
  });

  test('cannot be fitted to wrong answers alone', () => {
    expect(() => fitRule([{ actual: 1, logits: [1, 0] }], [], 1)).toThrow('answers rightly');
  });
});

test('the baseline counts first labels and tenths of confidence', () => {
  const outputs = [{ logits: [9, 0] }, { logits: [0, 9] }, { logits: [0, 0.1] }];
  expect(baselineOf(outputs, 1)).toEqual({
    labels: [1, 2],
    confidence: [0, 0, 0, 0, 0, 1, 0, 0, 0, 2],
  });
});

describe('pictures of nothing', () => {
  test('are the same for the same seed, and others for another', () => {
    const bytes = (seed: number) => [...nonPictures(3, seed)].map(({ image }) => image.data);
    expect(bytes(1)).toEqual(bytes(1));
    expect(bytes(1)).not.toEqual(bytes(2));
  });

  test('are of every kind in turn', () => {
    const kinds = [...nonPictures(22, 1)].map(({ kind }) => kind);
    expect(new Set(kinds).size).toBe(11);
    expect(kinds.slice(11)).toEqual(kinds.slice(0, 11));
  });

  test('show letters where they are text', () => {
    const text = [...nonPictures(11, 1)].find(({ kind }) => kind === 'text')!;
    expect(new Set(text.image.data).size).toBe(2);
  });
});
