/**
 * Restores the answers of `/many` after a reload: each tab notes which entries of the history its
 * list contained. Without a history, the list starts empty.
 */
import * as z from 'zod/mini';
import type { HistoryEntry } from '../history/entry';
import type { Queue, Row } from './queue';

const KEY = 'sightline.many';

const notedSchema = z.object({
  /** Per row: path, key in the history, and size of the file in bytes. */
  rows: z.array(z.tuple([z.string(), z.int(), z.int()])),
  /** Pictures that had no answer yet. */
  open: z.int(),
});

export type NotedList = z.infer<typeof notedSchema>;

/** @param keys keys of history entries, by the file that was answered */
export function noteOf(
  { rows }: Pick<Queue, 'rows'>,
  keys: Pick<ReadonlyMap<File, number>, 'get'>,
): NotedList {
  const noted: NotedList['rows'] = [];
  let open = 0;
  for (const { file, path, state, bytes = file.size } of rows) {
    const key = keys.get(file);
    if (state.kind === 'answered' && key !== undefined) noted.push([path, key, bytes]);
    else if (state.kind !== 'answered') open++;
  }
  return { rows: noted, open };
}

export function writeNote(note: NotedList): void {
  try {
    if (note.rows.length === 0) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(note));
  } catch {
    // Storage is refused: a reload then starts with an empty list.
  }
}

/** The noted list; empty if there is none or it is not valid (any more). */
export function readNote(): NotedList {
  try {
    return z.parse(notedSchema, JSON.parse(sessionStorage.getItem(KEY) ?? ''));
  } catch {
    return { rows: [], open: 0 };
  }
}

/** Rows for the entries that the history still has. They have answers but no files. */
export async function rowsOf(
  { rows }: NotedList,
  entryOf: (key: number) => Promise<HistoryEntry | undefined>,
): Promise<readonly Row[]> {
  const entries = await Promise.all(rows.map(([, key]) => entryOf(key)));
  const found = rows.flatMap(([path, key, bytes], index) => {
    const entry = entries[index];
    return entry ? [{ path, key, bytes, entry }] : [];
  });
  return found.map(({ path, key, bytes, entry }, id) => ({
    id,
    file: new File([], entry.fileName),
    path,
    bytes,
    state: { kind: 'answered', classified: entry.classified },
    attempts: 0,
    fallOver: undefined,
    kept: key,
  }));
}
