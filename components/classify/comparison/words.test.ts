import { expect, test } from 'vitest';
import type { ClassifyState } from '../use-classify';
import { agreementSentence } from './words';

const answered = (label: string) =>
  ({
    kind: 'answered',
    classified: { answer: { predictions: [{ label, index: 0, score: 0.9 }] } },
  }) as unknown as ClassifyState;
const failed: ClassifyState = { kind: 'failed', failure: { title: 'No', detail: 'Really.' } };
const working: ClassifyState = { kind: 'working' };
const empty: ClassifyState = { kind: 'empty' };

test.each([
  [answered('espresso, coffee'), answered('Espresso'), 'The first labels agree: espresso.'],
  [answered('espresso'), answered('cup'), 'The first labels differ: espresso and cup.'],
  [answered('espresso'), working, 'Waiting for both answers.'],
  [failed, working, 'Waiting for both answers.'],
  [answered('espresso'), failed, 'Only a answered, so there is nothing to compare.'],
  [failed, answered('espresso'), 'Only b answered, so there is nothing to compare.'],
  [failed, failed, 'Neither model answered.'],
  [empty, empty, 'Both models answer the same picture.'],
])('of %o and %o it is said: %s', (first, second, expected) => {
  const named = (model: string, state: ClassifyState) => ({ model, state });
  expect(agreementSentence(named('a', first), named('b', second))).toBe(expected);
});
