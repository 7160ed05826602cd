import { describe, expect, test } from 'vitest';
import type { HistoryEntry } from '@/lib/browser/history/entry';
import {
  answers,
  countSentence,
  markQuestion,
  markSentence,
  otherModelSentence,
  when,
  whyNotAgain,
} from './words';

const entry = (on: 'server' | 'device', mark?: HistoryEntry['mark']) =>
  ({
    classified: { on, answer: { predictions: [] } },
    ...(mark ? { mark } : {}),
  }) as unknown as HistoryEntry;

test('answers are counted in words', () => {
  expect([1, 2, 2000].map(answers)).toEqual(['1 answer', '2 answers', '2,000 answers']);
  expect(countSentence(2000, 2000, ' ')).toBe('2,000 answers');
  expect(countSentence(2000, 12, 'cat')).toBe('12 of 2,000 answers');
});

test.each([
  [new Date(2026, 0, 2, 9, 5), 'Today, 09:05'],
  [new Date(2026, 0, 2, 0, 0), 'Today, 00:00'],
  [new Date(2026, 0, 1, 23, 59), 'Jan 1, 23:59'],
  [new Date(2025, 11, 31, 12, 0), 'Dec 31, 2025, 12:00'],
])('on 2 January 2026, %s is “%s”', (at, words) => {
  expect(when(at.getTime(), new Date(2026, 0, 2, 20, 0).getTime())).toBe(words);
});

test.each([
  [undefined, /never the picture/],
  ['waiting', /until the server can be told/],
  ['sent', /has counted it/],
  ['refused', /not counted/],
] as const)('of a mark that is %s', (state, words) => {
  const mark = state && { correct: true, state };
  expect(markSentence(entry('server', mark))).toMatch(words);
});

test.each([
  [undefined, 'Is the first label right?', /told the label/],
  [[true, false], 'Are these labels right?', /all labels over the threshold/],
  [[false], 'Is it right that no label fits?', /all labels over the threshold/],
])('of labels that are selected %j is asked “%s”', (selected, question, words) => {
  const predictions = selected?.map((one, index) => ({ index, selected: one })) ?? [{ index: 0 }];
  const marked = { classified: { answer: { predictions } } } as unknown as HistoryEntry;
  expect(markQuestion(marked)).toBe(question);
  expect(markSentence(marked)).toMatch(words);
});

test.each([
  [undefined, undefined],
  ['tiny', undefined],
  ['large', 'tiny answered the first time, large the second.'],
])('of a second answer by %s it is said: %s', (second, words) => {
  const by = (id: string) => ({ answer: { model: { id } } });
  const again = second === undefined ? {} : { again: by(second) };
  expect(otherModelSentence({ classified: by('tiny'), ...again } as HistoryEntry)).toBe(words);
});

describe('a picture is classified again', () => {
  test.each([
    ['server', true, 'automatic', undefined],
    ['server', true, 'device', undefined],
    ['device', true, 'automatic', undefined],
    ['device', true, 'device', /not sent to the server/],
    ['server', false, 'automatic', /Only the thumbnail/],
  ] as const)('after %s, picture kept: %s, with “%s” unless %s', (on, hasPicture, choice, why) => {
    const reason = whyNotAgain(entry(on), hasPicture, choice);
    expect(reason ?? '').toMatch(why ?? /^$/);
  });
});
