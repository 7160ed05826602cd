import { expect, test } from 'vitest';
import { UNEVALUATED } from '../model/evaluation';
import { rank } from './answer';

const LABELS = Array.from({ length: 9 }, (_, i) => `label ${i}`);
const logits = Float32Array.from(LABELS, (_, i) => (i < 7 ? 3 - i / 10 : -3));
const multiLabel = { kind: 'multi-label', threshold: 0.5, scores: 'logits' } as const;
const answering = { labels: LABELS, calibration: UNEVALUATED, head: multiLabel };

test('without a number all labels that are selected are told, and five at least', () => {
  expect(rank({ logits }, answering).predictions).toHaveLength(7);
  const head = { ...multiLabel, threshold: 0.99 };
  const { predictions } = rank({ logits }, { ...answering, head });
  expect(predictions.map(({ selected }) => selected)).toEqual(Array(5).fill(false));
  const single = { ...answering, head: { kind: 'single-label', scores: 'logits' } as const };
  expect(rank({ logits }, single).predictions).toHaveLength(5);
});

test('a number is kept, selected or not', () => {
  expect(rank({ logits }, answering, 2).predictions).toHaveLength(2);
  expect(rank({ logits }, answering, 9).predictions).toHaveLength(9);
});
