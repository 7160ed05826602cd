/**
 * Remembers which answer of the history a tab shows, so that a reload or Back shows it again.
 * Without a history, the page starts empty.
 */
import type { Classified } from './client/client';
import type { HistoryStore } from './history/store';

/** The history is read only if an answer was noted. */
export type HistoryReader = Pick<HistoryStore, 'entry' | 'picture'>;

const KEY = 'sightline.shown';

export interface Shown {
  /** Key of the entry in the history. */
  readonly key: number;
  readonly picture: File;
  readonly classified: Classified;
}

/** @param key key of a history entry */
export function noteShown(key: number): void {
  try {
    sessionStorage.setItem(KEY, String(key));
  } catch {
    // Storage is refused: a reload then starts with an empty page.
  }
}

export function forgetShown(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Storage is refused, so nothing was noted either.
  }
}

/** What this tab showed before the reload; undefined if that is no longer in the history. */
export async function shownBefore(
  readHistory: () => Promise<HistoryReader>,
): Promise<Shown | undefined> {
  const key = readKey();
  if (key === undefined) return undefined;
  try {
    const reader = await readHistory();
    const [entry, picture] = await Promise.all([reader.entry(key), reader.picture(key)]);
    if (!entry || !picture) return undefined;
    const { fileName, classified } = entry;
    return { key, classified, picture: new File([picture], fileName, { type: picture.type }) };
  } catch {
    return undefined;
  }
}

function readKey(): number | undefined {
  try {
    const text = sessionStorage.getItem(KEY);
    return text === null ? undefined : Number(text);
  } catch {
    return undefined;
  }
}
