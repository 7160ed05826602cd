import { describe, expect, test } from 'vitest';
import type { Head } from '../model/head';
import { fromLogits, scoresOf, toLogits } from './scores';

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

describe('from what a graph gives to scores, and back', () => {
  test.each<[string, Head, number[], number[]]>([
    [
      'probabilities stay as they are',
      { kind: 'single-label', scores: 'probabilities' },
      [0.7, 0.2, 0.1],
      [0.7, 0.2, 0.1],
    ],
    [
      'so do the exponentials of their logarithms',
      { kind: 'single-label', scores: 'log-probabilities' },
      [Math.log(0.7), Math.log(0.2), Math.log(0.1)],
      [0.7, 0.2, 0.1],
    ],
    [
      'labels by themselves, as they are',
      { kind: 'multi-label', scores: 'probabilities' },
      [0.84, 0.9, 0.01],
      [0.84, 0.9, 0.01],
    ],
    [
      'labels by themselves, sigmoid once',
      { kind: 'multi-label', scores: 'logits' },
      [2, 0, -1],
      [sigmoid(2), 0.5, sigmoid(-1)],
    ],
    ['one output, as it is', { kind: 'binary', scores: 'probabilities' }, [0.8], [0.2, 0.8]],
    [
      'one output, for the first label',
      { kind: 'binary', scores: 'logits', positive: 0 },
      [1.5],
      [sigmoid(1.5), sigmoid(-1.5)],
    ],
  ])('%s', (_, head, given, expected) => {
    const logits = toLogits(Float32Array.from(given), head);
    const scores = scoresOf(logits, head);
    expected.forEach((score, i) => expect(scores[i]).toBeCloseTo(score, 6));
    const own = fromLogits(logits, head, expected.length);
    expect(own).toHaveLength(given.length);
    given.forEach((value, i) => expect(own[i]).toBeCloseTo(value, 5));
  });

  test('several pictures, one after the other', () => {
    const head = { kind: 'binary', scores: 'logits', positive: 1 } as const;
    expect([...toLogits(Float32Array.of(1, -2), head)]).toEqual([0, 1, 0, -2]);
    expect([...fromLogits(Float32Array.of(0, 1, 0, -2), head, 2)]).toEqual([1, -2]);
  });

  test.each([0, 1])('a probability of exactly %d has a finite logit', (p) => {
    for (const kind of ['multi-label', 'binary', 'single-label'] as const) {
      const logits = toLogits(Float32Array.of(p), { kind, scores: 'probabilities' });
      expect(logits.every(Number.isFinite)).toBe(true);
    }
  });

  test('the temperature makes each head less sure', () => {
    const pair = Float32Array.of(0, 2);
    expect(scoresOf(pair, { kind: 'binary' }, 2)[1]).toBeCloseTo(sigmoid(1), 12);
    expect(scoresOf(pair, { kind: 'multi-label' }, 2)[1]).toBeCloseTo(sigmoid(1), 12);
  });
});
