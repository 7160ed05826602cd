import { expect, test } from 'vitest';
import type { Classified } from '../client/client';
import { groupByLabel } from './groups';
import type { Row } from './queue';

function row(id: number, label?: string): Row {
  const predictions = [{ label, index: 0, score: 0.9 }];
  const classified = { on: 'server', answer: { predictions } } as unknown as Classified;
  return {
    id,
    file: new File([], `${id}.jpg`),
    path: `${id}.jpg`,
    state: label === undefined ? { kind: 'waiting' } : { kind: 'answered', classified },
    attempts: 0,
    fallOver: undefined,
  };
}

test('pictures stand by their first label, the most frequent first, without one last', () => {
  const rows = [row(0), row(1, 'tabby, cat'), row(2, 'espresso'), row(3), row(4, 'espresso')];
  expect(
    groupByLabel(rows).map(({ label, rows: own }) => [label, own.map(({ id }) => id)]),
  ).toEqual([
    ['espresso', [2, 4]],
    ['tabby', [1]],
    [undefined, [0, 3]],
  ]);
});
