import { describe, expect, test } from 'vitest';
import { fromHash, toHash, type SharedAnswer } from './link';

const ANSWER: SharedAnswer = {
  model: 'tiny-imagenet-200',
  ranking: [
    ['naïve 猫, cat', 0.83123],
    ['dog', 0.1],
  ],
  uncertain: false,
  image: { width: 4, height: 3 },
  map: {
    label: 'dog',
    explanation: { width: 2, height: 1, values: [0, 1] },
  },
};

describe('an answer in an address', () => {
  test('is the same on the other side, to four digits', () => {
    const read = fromHash(toHash(ANSWER))!;
    expect(read.ranking).toEqual([
      ['naïve 猫, cat', 0.8312],
      ['dog', 0.1],
    ]);
    expect([read.model, read.uncertain, read.map?.label]).toEqual([
      'tiny-imagenet-200',
      false,
      'dog',
    ]);
    expect(read.map!.explanation.values).toEqual([0, 1]);
  });

  test('says how many labels of a multi-label model are over its threshold', () => {
    expect(fromHash(toHash({ ...ANSWER, selected: 1 }))!.selected).toBe(1);
    expect(fromHash(toHash(ANSWER))!.selected).toBeUndefined();
  });

  test('needs no heat map', () => {
    expect(fromHash(toHash({ ...ANSWER, map: undefined }))!.map).toBeUndefined();
  });

  test('has only characters that an address may have', () => {
    expect(toHash(ANSWER)).toMatch(/^#answer=[\w-]+$/);
  });

  test.each([
    ['nothing', ''],
    ['another anchor', '#main'],
    ['no base64', '#answer=§§'],
    ['no JSON', `#answer=${btoa('hello')}`],
    [
      'a score over 1',
      `#answer=${btoa('{"model":"m","ranking":[["a",2]],"uncertain":false,"image":{"width":4,"height":3}}')}`,
    ],
    [
      'no labels',
      `#answer=${btoa('{"model":"m","ranking":[],"uncertain":false,"image":{"width":4,"height":3}}')}`,
    ],
    ['far too much', `#answer=${'A'.repeat(9000)}`],
    [
      'a map that does not fill its cells',
      `#answer=${btoa('{"model":"m","ranking":[["a",1]],"uncertain":false,"image":{"width":4,"height":3},"map":{"width":2,"height":2,"label":"a","cells":"A"}}')}`,
    ],
  ])('is not found in %s', (_, hash) => {
    expect(fromHash(hash)).toBeUndefined();
  });
});
