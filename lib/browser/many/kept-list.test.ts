import { describe, expect, test } from 'vitest';
import type { Classified } from '../client/client';
import type { HistoryEntry } from '../history/entry';
import { toJson } from './export';
import { noteOf, rowsOf } from './kept-list';
import type { Row, RowState } from './queue';

const CLASSIFIED = {
  on: 'server',
  elapsedMs: 3,
  answer: { model: { id: 'm', version: '1' }, predictions: [] },
} as unknown as Classified;

function row(name: string, state: RowState): Row {
  const file = new File(['x'], name);
  return { id: 0, file, path: `trip/${name}`, state, attempts: 0, fallOver: undefined };
}

describe('the note of a list', () => {
  test('names answers that the history has, and counts what had none', () => {
    const answered = row('a.jpg', { kind: 'answered', classified: CLASSIFIED });
    const unkept = row('b.jpg', { kind: 'answered', classified: CLASSIFIED });
    const waiting = row('c.jpg', { kind: 'waiting' });
    const keys = new Map([[answered.file, 7]]);
    expect(noteOf({ rows: [answered, unkept, waiting] }, keys)).toEqual({
      rows: [['trip/a.jpg', 7, 1]],
      open: 1,
    });
  });

  test('gives rows in their order, without what was deleted meanwhile', async () => {
    const note = {
      rows: [
        ['trip/a.jpg', 7, 4000],
        ['trip/b.jpg', 8, 5000],
        ['trip/c.jpg', 9, 6000],
      ] as [string, number, number][],
      open: 0,
    };
    const entryOf = (key: number): Promise<HistoryEntry | undefined> =>
      Promise.resolve(
        key === 8 ? undefined : { key, atMs: 0, fileName: `${key}.jpg`, classified: CLASSIFIED },
      );
    const rows = await rowsOf(note, entryOf);
    expect(rows.map(({ id, path, kept }) => [id, path, kept])).toEqual([
      [0, 'trip/a.jpg', 7],
      [1, 'trip/c.jpg', 9],
    ]);
    const { results } = JSON.parse(toJson(rows, String)) as { results: { bytes: number }[] };
    expect(results.map(({ bytes }) => bytes)).toEqual([4000, 6000]);
    const again = noteOf({ rows }, new Map(rows.map(({ file, kept }) => [file, kept!])));
    expect(again.rows.map(([, , bytes]) => bytes)).toEqual([4000, 6000]);
  });
});
