import { describe, expect, test } from 'vitest';
import type { Classified } from '../client/client';
import { toCsv, toJson } from './export';
import type { Row, RowState } from './queue';
import { count, histogram, sentOf, viewRows, WHOLE_VIEW, type View } from './view';

function answered(label: string, score: number, on: 'server' | 'device' = 'server'): RowState {
  const answer = {
    model: { id: 'some-model', version: '0123456789ab' },
    predictions: [{ label, index: 3, score }],
  };
  const classified = { on, answer, ...(on === 'device' ? { reason: 'limited' } : {}) };
  return { kind: 'answered', classified: classified as unknown as Classified };
}

function row(id: number, path: string, state: RowState): Row {
  return { id, path, state, file: new File(['abc'], path), attempts: 0, fallOver: undefined };
}

const ROWS = [
  row(0, 'holiday/picture 10.jpg', answered('tabby, tabby cat', 0.4)),
  row(1, 'holiday/picture 2.jpg', answered('espresso', 0.9, 'device')),
  row(2, 'notes.txt', { kind: 'failed', error: new Error('It is text.') }),
  row(3, 'picture 3.jpg', { kind: 'waiting' }),
  row(4, 'picture 4.jpg', answered('espresso', 0.6)),
  row(5, 'picture 5.jpg', { kind: 'cancelled' }),
];

const shown = (view: Partial<View>) =>
  viewRows(ROWS, { ...WHOLE_VIEW, ...view }).map(({ id }) => id);

test('each picture is counted in one state', () => {
  expect(count(ROWS)).toEqual({ all: 6, answered: 3, failed: 1, cancelled: 1, open: 1 });
});

describe('what was sent', () => {
  const small = {
    kind: 'answered',
    classified: { on: 'server', sent: { bytes: 1, ofBytes: 3 } } as unknown as Classified,
  } as const;

  test('is of the server’s answers, whole files among them', () => {
    expect(sentOf([...ROWS, row(6, 'large.jpg', small)])).toEqual({ bytes: 7, ofBytes: 9 });
  });

  test('is not said where every file was sent as it is', () => {
    expect(sentOf(ROWS)).toBeUndefined();
  });
});

describe('the filter', () => {
  test.each([
    [{}, [0, 1, 2, 3, 4, 5]],
    [{ text: ' HOLIDAY ' }, [0, 1]],
    [{ text: 'tabby cat' }, [0]],
    [{ state: 'answered' }, [0, 1, 4]],
    [{ state: 'failed' }, [2, 5]],
    [{ state: 'open' }, [3]],
    [{ label: 'espresso' }, [1, 4]],
    [{ label: 'espresso', text: 'holiday' }, [1]],
  ] as const)('%j shows %j', (view, expected) => {
    expect(shown(view)).toEqual(expected);
  });
});

describe('the order', () => {
  test.each([
    ['name', [1, 0, 2, 3, 4, 5]],
    ['label', [1, 4, 0, 2, 3, 5]],
    ['score-down', [1, 4, 0, 2, 3, 5]],
    ['score-up', [0, 4, 1, 2, 3, 5]],
  ] as const)('%s', (sort, expected) => {
    expect(shown({ sort })).toEqual(expected);
  });

  test('leaves the rows as they are', () => {
    expect(ROWS.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

test('the histogram counts first labels by their first name, the most frequent first', () => {
  expect(histogram(ROWS)).toEqual([
    { label: 'espresso', count: 2 },
    { label: 'tabby', count: 1 },
  ]);
});

const describeError = (error: Error) => error.message;

describe('the CSV', () => {
  test('has a line for each picture, in the order in which they came', () => {
    expect(toCsv(ROWS, describeError)).toBe(
      [
        'position,file,bytes,state,label,index,score,source,reason,model,version,problem,labels',
        '1,holiday/picture 10.jpg,3,answered,"tabby, tabby cat",3,0.4,server,,some-model,0123456789ab,,"tabby, tabby cat"',
        '2,holiday/picture 2.jpg,3,answered,espresso,3,0.9,device,limited,some-model,0123456789ab,,espresso',
        '3,notes.txt,3,failed,,,,,,,,It is text.,',
        '4,picture 3.jpg,3,open,,,,,,,,,',
        '5,picture 4.jpg,3,answered,espresso,3,0.6,server,,some-model,0123456789ab,,espresso',
        '6,picture 5.jpg,3,cancelled,,,,,,,,,',
        '',
      ].join('\r\n'),
    );
  });

  test.each([
    ['=HYPERLINK("x").jpg', `"'=HYPERLINK(""x"").jpg"`],
    ['+1.jpg', `"'+1.jpg"`],
    ['-1.jpg', `"'-1.jpg"`],
    ['@sum.jpg', `"'@sum.jpg"`],
    ['\t=1.jpg', `"'\t=1.jpg"`],
    ['a "b", c.jpg', '"a ""b"", c.jpg"'],
    ['two\nlines.jpg', '"two\nlines.jpg"'],
    ['=two\nlines.jpg', `"'=two\nlines.jpg"`],
  ])('names the file %j as %j', (path, cell) => {
    const [, line] = toCsv([row(0, path, { kind: 'waiting' })], describeError).split('\r\n');
    expect(line).toBe(`1,${cell},3,open,,,,,,,,,`);
  });
});

describe('labels by themselves', () => {
  const several = (...selected: boolean[]): RowState => {
    const names = ['sea, ocean', 'boat', 'dog'];
    const predictions = selected.map((isSelected, index) => ({
      label: names[index]!,
      index,
      score: isSelected ? 0.9 : 0.1,
      selected: isSelected,
    }));
    const answer = { model: { id: 'm', version: '0' }, predictions };
    return {
      kind: 'answered',
      classified: { on: 'server', answer } as unknown as Classified,
    };
  };
  const rows = [
    row(0, 'a.png', several(true, true, false)),
    row(1, 'b.png', several(true, false, false)),
    row(2, 'c.png', several(false, false, false)),
  ];

  test('are counted, found and filtered by all that are selected', () => {
    expect(histogram(rows)).toEqual([
      { label: 'sea', count: 2 },
      { label: 'boat', count: 1 },
    ]);
    const ids = (view: Partial<View>) =>
      viewRows(rows, { ...WHOLE_VIEW, ...view }).map(({ id }) => id);
    expect(ids({ label: 'boat' })).toEqual([0]);
    expect(ids({ text: 'ocean' })).toEqual([0, 1]);
    expect(ids({ text: 'dog' })).toEqual([]);
  });

  test('stand in the CSV, all that are selected', () => {
    const lines = toCsv(rows, describeError).split('\r\n');
    expect(lines[1]).toMatch(/,"sea, ocean; boat"$/);
    expect(lines[2]).toMatch(/,"sea, ocean"$/);
    expect(lines[3]).toMatch(/,$/);
  });
});

test('the JSON has every ranking', () => {
  const { results } = JSON.parse(toJson(ROWS, describeError)) as { results: unknown[] };
  expect(results).toHaveLength(6);
  expect(results[1]).toEqual({
    position: 2,
    file: 'holiday/picture 2.jpg',
    bytes: 3,
    state: 'answered',
    source: 'device',
    reason: 'limited',
    model: 'some-model',
    version: '0123456789ab',
    predictions: [{ label: 'espresso', index: 3, score: 0.9 }],
  });
  expect(results[2]).toMatchObject({ state: 'failed', problem: 'It is text.' });
});
