import { describe, expect, test } from 'vitest';
import { cellOf, FORMATS, wholeRows, type Row } from './rows';

const row = (file: string, problem?: Row['problem']): Row => ({
  file,
  predictions: problem ? [] : [{ label: 'cup, mug', index: 7, score: 0.5 }],
  uncertain: problem ? undefined : false,
  model: 'm',
  version: '71b9a56b3a2d',
  problem,
});

test('a row of csv has the first label, or the problem in its own column', () => {
  const { head, write } = FORMATS.csv;
  const problem = { type: 'unsupported-image', detail: 'No\npicture.' } as const;
  expect(head + write(row('a.png')) + write(row('b.txt', problem))).toBe(
    [
      'file,label,index,score,uncertain,model,version,problem',
      'a.png,"cup, mug",7,0.5,false,m,71b9a56b3a2d,',
      'b.txt,,,,,m,71b9a56b3a2d,unsupported-image: No picture.',
      '',
    ].join('\n'),
  );
});

const NAMES = ['a.png', '=1+1.png', 'a "quoted", one.png', 'two\nlines.png', '-x/y.jpg'];

test.each(NAMES)('the file %j is found again in csv and in jsonl', (name) => {
  expect(FORMATS.csv.read(FORMATS.csv.write(row(name)))[0]).toBe(cellOf(name));
  expect(FORMATS.jsonl.read(FORMATS.jsonl.write(row(name)))).toEqual([name]);
});

describe('of a file that was cut', () => {
  const text = FORMATS.csv.head + NAMES.map((name) => FORMATS.csv.write(row(name))).join('');

  test('every whole row is kept, wherever the cut is', () => {
    const ends = NAMES.map((_, i) =>
      [FORMATS.csv.head, ...NAMES.slice(0, i).map((name) => FORMATS.csv.write(row(name)))].join(''),
    );
    const kept = Array.from({ length: text.length + 1 }, (_, length) =>
      wholeRows(text.slice(0, length)),
    );
    expect(kept.filter((whole) => whole !== '' && ![...ends, text].includes(whole))).toEqual([]);
    expect(kept.at(-1)).toBe(text);
    expect(kept[FORMATS.csv.head.length]).toBe(FORMATS.csv.head);
  });
});
