/**
 * Which answer of the history a tab shows, so that a reload or Back finds it again. Who keeps no
 * history starts with an empty page.
 */
import type { Classified } from './client/client';
import type { HistoryStore } from './history/store';

/** The history is asked for only where something was noted. */
export type HistoryReader = Pick<HistoryStore, 'entry' | 'picture'>;

const KEY = 'sightline.shown';

export interface Shown {
  /** Of the entry in the history. */
  readonly key: number;
  readonly picture: File;
  readonly classified: Classified;
}

/** @param key of an entry of the history */
export function noteShown(key: number): void {
  try {
    sessionStorage.setItem(KEY, String(key));
  } catch {
    // A reload then starts anew.
  }
}

export function forgetShown(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing could be noted either.
  }
}

/** What this tab showed before it was loaded anew; undefined where that is gone. */
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
