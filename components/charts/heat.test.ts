import { expect, test } from 'vitest';
import type { Chart } from '@/lib/shared/contract/statistics';
import { matrixOf, topPairs } from './heat';

const chart: Chart = {
  id: 'confusion',
  title: '',
  kind: 'heat',
  unit: 'pictures',
  x: { label: 'Taken for', kind: 'category' },
  series: [
    {
      id: '1',
      label: 'tabby',
      points: [
        ['lynx', 3],
        ['Egyptian cat', 12],
      ],
    },
    { id: '2', label: 'Egyptian cat', points: [['tabby', 11]] },
  ],
};

test('the worst pairs come first, and make the rows and columns', () => {
  const pairs = topPairs(chart, 2);
  expect(pairs.map(({ value }) => value)).toEqual([12, 11]);
  expect(matrixOf(pairs)).toEqual({
    rows: ['tabby', 'Egyptian cat'],
    columns: ['Egyptian cat', 'tabby'],
    cells: pairs,
    largest: 12,
  });
});
