import { describe, expect, test } from 'vitest';
import { calibrationOf, UNEVALUATED } from '../model/evaluation';
import { rank } from './answer';
import { activationEnergySpread, energy, isUncertain, spreadOfActivations } from './uncertainty';

const RULE = {
  minScore: 0.3,
  minMargin: 0.1,
  likeness: { score: 'evidence-spread', threshold: 2 },
} as const;

describe('an answer is', () => {
  const logits = [0, 0, 0];
  test.each([
    ['sure', [0.6, 0.3, 0.1], 3, false],
    ['unsure for its first label', [0.29, 0.1, 0.1], 3, true],
    ['unsure for its lead', [0.45, 0.4, 0.15], 3, true],
    ['unsure for a picture unlike the training pictures', [0.9, 0.05, 0.05], 1.9, true],
    ['sure for a model without activations', [0.9, 0.05, 0.05], undefined, false],
  ])('%s', (_, scores, spread, expected) => {
    expect(isUncertain({ logits, activationEnergySpread: spread }, scores, RULE)).toBe(expected);
  });

  test('unsure for its energy, where the rule says so', () => {
    const rule = { ...RULE, likeness: { score: 'energy', threshold: 5 } } as const;
    expect(isUncertain({ logits: [4, 0, 0] }, [0.9, 0.05, 0.05], rule)).toBe(true);
    expect(isUncertain({ logits: [6, 0, 0] }, [0.9, 0.05, 0.05], rule)).toBe(false);
  });

  test('ranked with calibrated probabilities', () => {
    const calibration = { temperature: 0.5, rule: RULE };
    const head = { kind: 'single-label' } as const;
    const answering = { labels: ['no', 'yes'], calibration, head };
    const { predictions, uncertain } = rank({ logits: [0, 1] }, answering, 1);
    expect(predictions[0]).toMatchObject({ label: 'yes', index: 1 });
    expect(predictions[0]!.score).toBeCloseTo(1 / (1 + Math.exp(-2)), 12);
    expect(uncertain).toBe(false);
  });
});

test('energy is the log of the summed exponentials, and does not overflow', () => {
  expect(energy([1, 2, 3])).toBeCloseTo(Math.log(Math.E + Math.E ** 2 + Math.E ** 3), 12);
  expect(energy([1000, 1000])).toBeCloseTo(1000 + Math.log(2), 9);
});

describe('the activation energy spread', () => {
  test('is 0 where every place has the same energy', () => {
    expect(activationEnergySpread(Float32Array.of(1, 1, 5, 5), 2)).toBeCloseTo(0, 9);
  });

  test('is the standard deviation of the energy over places', () => {
    const [left, right] = [energy([4, 0]), energy([0, 0])];
    const spread = activationEnergySpread(Float32Array.of(4, 0, 0, 0), 2);
    expect(spread).toBeCloseTo(Math.abs(left - right) / 2, 9);
  });

  test('is unknown without class activations, or with some that are not finite', () => {
    expect(spreadOfActivations(undefined)).toBeUndefined();
    expect(spreadOfActivations({ data: new Float32Array(4), dims: [1, 4] })).toBeUndefined();
    const data = Float32Array.of(NaN, 0, 0, 0);
    expect(spreadOfActivations({ data, dims: [1, 1, 2, 2] })).toBeUndefined();
  });
});

describe('how sure a model is', () => {
  const evaluation = { images: 1, accuracy: { top1: 1, top5: 1 } };

  test('comes from its evaluation', () => {
    const calibration = { temperature: 0.8, bins: [] };
    const read = calibrationOf({
      ...evaluation,
      calibration,
      uncertainty: { ...RULE, measured: {} },
    });
    expect(read).toEqual({ temperature: 0.8, rule: RULE });
  });

  test('uses cautious defaults without one', () => {
    expect(calibrationOf(undefined)).toEqual(UNEVALUATED);
    expect(calibrationOf(evaluation)).toEqual(UNEVALUATED);
  });
});
