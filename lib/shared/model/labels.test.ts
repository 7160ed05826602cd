import { expect, test } from 'vitest';
import { otherNames, parseLabels, shortLabel } from './labels';

test('labels come in the order of the output, however they were written', () => {
  expect(
    parseLabels({
      id2label: { '10': 'k', ...Object.fromEntries([...'abcdefghij'].map((c, i) => [i, c])) },
    }),
  ).toEqual([...'abcdefghijk']);
});

test('label2id may have its numbers as texts', () => {
  expect(parseLabels({ label2id: { dog: '1', cat: '0' } })).toEqual(['cat', 'dog']);
  expect(() => parseLabels({ label2id: { dog: 'one' } })).toThrow('expected label2id to be');
});

test('a gap in the class numbers is named', () => {
  expect(() => parseLabels({ id2label: { 0: 'a', 2: 'c' } })).toThrow('class 1 of 2');
});

test('no labels are no model', () => {
  expect(() => parseLabels({ id2label: {} })).toThrow('at least one class');
});

test('a class shows its first name and keeps the others', () => {
  expect(shortLabel('tabby, tabby cat')).toBe('tabby');
  expect(otherNames('bullfrog, Rana catesbeiana, frog')).toBe('Rana catesbeiana, frog');
  expect(otherNames('trilobite')).toBe('');
});
