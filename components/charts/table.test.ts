import { describe, expect, test } from 'vitest';
import type { Chart } from '@/lib/shared/contract/statistics';
import { csvOf, rowCount, tableOf } from './table';

const [noon, one] = ['2026-11-24T12:00:00.000Z', '2026-11-24T13:00:00.000Z'];

const latency: Chart = {
  id: 'latency',
  title: '95 % of predictions came within 18 ms',
  kind: 'line',
  unit: 'ms',
  x: { label: 'Time', kind: 'time' },
  series: [
    {
      id: 'p50',
      label: 'Median',
      points: [
        [noon, 4.25],
        [one, null],
      ],
    },
    {
      id: 'p95',
      label: '95 %',
      points: [
        [noon, 18],
        [one, 19],
      ],
    },
  ],
};

const calibration: Chart = {
  id: 'calibration',
  title: 'The model is as often right as it says',
  kind: 'scatter',
  unit: 'share',
  x: { label: 'Mean confidence', kind: 'number' },
  series: [
    {
      id: 'measured',
      label: 'Right',
      points: [
        [0.5, 0.4],
        [0.5, 0.6],
      ],
      counts: [7, 9],
    },
  ],
};

const confusion: Chart = {
  id: 'confusion',
  title: '“tabby” is taken for “Egyptian cat” most often',
  kind: 'heat',
  unit: 'pictures',
  x: { label: 'Taken for', kind: 'category' },
  series: [
    { id: '35', label: 'tabby', points: [['Egyptian cat', 12]] },
    { id: '36', label: 'beer bottle, dark', points: [['a "pop" bottle', 9]] },
  ],
};

describe('a table', () => {
  test('has a row for each x and a column for each series', () => {
    expect(tableOf(latency)).toEqual({
      columns: ['Time', 'Median (ms)', '95 % (ms)'],
      rows: [
        [noon, 4.25, 18],
        [one, null, 19],
      ],
      heads: 1,
    });
  });

  test('says how many pictures a point stands for, and keeps points with an equal x', () => {
    expect(tableOf(calibration)).toMatchObject({
      columns: ['Mean confidence', 'Right (share)', 'Pictures'],
      rows: [
        [0.5, 0.4, 7],
        [0.5, 0.6, 9],
      ],
    });
  });

  test('names both classes of a confusion', () => {
    expect(tableOf(confusion)).toEqual({
      columns: ['Class', 'Taken for', 'pictures'],
      rows: [
        ['tabby', 'Egyptian cat', 12],
        ['beer bottle, dark', 'a "pop" bottle', 9],
      ],
      heads: 2,
    });
  });

  test.each([latency, calibration, confusion])(
    '$id begins with as many rows as asked for',
    (chart) => {
      expect(tableOf(chart, 1).rows).toEqual(tableOf(chart).rows.slice(0, 1));
      expect(rowCount(chart)).toBe(2);
    },
  );
});

describe('a CSV file', () => {
  test('holds everything as it is; what is not known is empty', () => {
    expect(csvOf(latency)).toBe(`Time,Median (ms),95 % (ms)\n${noon},4.25,18\n${one},,19\n`);
  });

  test('gives a spreadsheet no formula to run', () => {
    const [series] = confusion.series;
    const points: [string, number][] = [['=1+1', 3]];
    const csv = csvOf({ ...confusion, series: [{ ...series!, label: '@SUM(A1)', points }] });
    expect(csv).toBe(`Class,Taken for,pictures\n"'@SUM(A1)","'=1+1",3\n`);
  });

  test('quotes what would be read as more than one field', () => {
    expect(csvOf(confusion)).toBe(
      'Class,Taken for,pictures\ntabby,Egyptian cat,12\n"beer bottle, dark","a ""pop"" bottle",9\n',
    );
  });
});

test('what is counted is named: pictures, or scores of labels by themselves', () => {
  const columnsOf = (id: string) => {
    const [series] = calibration.series;
    return tableOf({ ...calibration, series: [{ ...series!, id }] }).columns;
  };
  expect(columnsOf('measured')).toEqual(['Mean confidence', 'Right (share)', 'Pictures']);
  expect(columnsOf('label-scores')).toEqual(['Mean confidence', 'Right (share)', 'Label scores']);
});
