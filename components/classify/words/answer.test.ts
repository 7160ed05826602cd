import { describe, expect, test } from 'vitest';
import type { Classified } from '@/lib/browser/client/client';
import type { UncertaintyRule } from '@/lib/shared/model/evaluation';
import {
  announcement,
  answerName,
  doubt,
  doubtReason,
  hiddenSentence,
  spokenLabel,
} from './answer';

const predictions = [{ label: 'Egyptian cat, Felis catus', index: 32, score: 0.831 }];
const onServer = {
  on: 'server',
  elapsedMs: 12.4,
  answer: { predictions },
} as unknown as Classified;

test('an answer is announced with label, certainty, place and time', () => {
  expect(announcement(onServer)).toBe('Egyptian cat, 83 percent, on the server, 12 milliseconds');
});

test('doubt names what it may be, and is heard before the label', () => {
  const [cat] = predictions;
  expect(doubt([cat!, { label: 'tabby, tabby cat' }])).toBe(
    'Not sure: perhaps Egyptian cat, or tabby.',
  );
  expect(doubt([cat!])).toBe('Not sure: perhaps Egyptian cat.');
  expect(spokenLabel(cat!, true)).toBe('Not sure: perhaps Egyptian cat');
  expect(spokenLabel(cat!, false)).toBe('Egyptian cat');
});

describe('labels by themselves', () => {
  const label = (name: string, selected: boolean) => ({ label: name, selected });

  test.each([
    [[label('cat', true), label('dog', true), label('cup', false)], false, 'cat, dog'],
    [[label('cat', true)], true, 'Not sure: cat'],
    [[label('cat', false)], false, 'No label over the threshold'],
    [[label('cat', false)], true, 'Not sure: no label'],
    [['a', 'b', 'c', 'd', 'e'].map((name) => label(name, true)), false, 'a, b, c and 2 more'],
  ])('%j, uncertain %s', (predictions, uncertain, words) => {
    expect(answerName(predictions, uncertain)).toBe(words);
  });

  test('leaves the percentage out of an announcement of several labels', () => {
    const predictions = [
      { ...label('cat', true), score: 0.8 },
      { ...label('dog', true), score: 0.7 },
    ];
    const classified = { ...onServer, answer: { predictions } } as unknown as Classified;
    expect(announcement(classified)).toBe('cat, dog, on the server, 12 milliseconds');
  });

  test('the reason for doubt is the threshold, not the lead of the first', () => {
    const predictions = [{ ...label('cat', false), score: 0.48 }];
    expect(doubtReason(predictions, { minScore: 0.6, minMargin: 0.1 })).toContain(
      'so close to the threshold',
    );
  });

  test('doubt is about the threshold', () => {
    expect(doubt([label('cat', true)])).toBe('Not sure: a label is close to the threshold.');
  });
});

describe('why an answer is uncertain', () => {
  const RULE = { minScore: 0.3, minMargin: 0.1 } as UncertaintyRule;
  const scored = (...scores: number[]) => scores.map((score) => ({ label: 'cup', score }));

  test.each([
    [scored(0.24, 0.05), 'Below 30.0 % an answer of this model counts as a guess.'],
    [scored(0.45, 0.4), 'They are closer than 10.0 %, so either may be right.'],
    [scored(0.9, 0.05), 'But the picture is unlike those the model learnt from'],
  ])('is the part of the rule that it breaks', (predictions, expected) => {
    expect(doubtReason(predictions, RULE)).toContain(expected);
  });

  test('is its numbers alone where the rule is not known', () => {
    expect(doubtReason(scored(0.24, 0.05), undefined)).toBe(
      'The first label has 24.0 %, the second 5.0 %.',
    );
    expect(doubtReason([], undefined)).toBe('');
  });
});

test('labels below the threshold are counted', () => {
  expect(hiddenSentence(1, 0.05)).toBe('1 label below 5 % is not shown.');
  expect(hiddenSentence(4, 0.2)).toBe('4 labels below 20 % are not shown.');
});
