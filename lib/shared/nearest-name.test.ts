import { expect, test } from 'vitest';
import { nearestName } from './nearest-name';

const KNOWN = ['topK', 'model', 'explain', 'explainIndex'];

test.each([
  ['topk', 'topK'],
  ['top_k', 'topK'],
  ['top-k', 'topK'],
  ['modle', 'model'],
  ['modl', 'model'],
  ['models', 'model'],
  ['explainindex', 'explainIndex'],
  ['explian_index', 'explainIndex'],
  ['k', undefined],
  ['threshold', undefined],
  ['', undefined],
])('%s is nearest to %s', (name, expected) => {
  expect(nearestName(name, KNOWN)).toBe(expected);
});

test('no name is near where none is known', () => {
  expect(nearestName('topK', [])).toBeUndefined();
});
