/** The page's door to the history: remember an answer, look, mark, delete. */
import type { Classified } from '../client/client';
import { getPreferences } from '../preferences';
import { flushFeedback } from './feedback';
import { Keeper } from './keeper';
import { HistoryStore } from './store';

export type { HistoryEntry } from './entry';

const RETRY_MS = 30_000;
/** Many answers in a row are one change. */
const NOTIFY_MS = 250;

const listeners = new Set<() => void>();
let notifying: ReturnType<typeof setTimeout> | undefined;
let retrying: ReturnType<typeof setTimeout> | undefined;

const store = new HistoryStore();
const keeper = new Keeper(store, notify);

/** Read only: the functions below change the history and notify its listeners. */
export const historyReader: Pick<
  HistoryStore,
  'look' | 'entry' | 'thumbnail' | 'picture' | 'count'
> = {
  look: (query, most) => store.look(query, most),
  entry: (key) => store.entry(key),
  thumbnail: (key) => keeper.thumbnail(key),
  picture: (key) => store.picture(key),
  count: () => store.count(),
};

/** How many entries are being written. */
let adding = 0;

/**
 * Keeps an answer and its picture, if the visitor wants a history.
 *
 * @param onKey hears of the entry's key as soon as there is one
 * @returns the entry's key once the picture is kept, undefined where there is no history
 */
export async function remember(
  classified: Classified,
  picture: File,
  onKey: (key: number) => void = () => undefined,
): Promise<number | undefined> {
  if (getPreferences().history === 'none') return undefined;
  const { key, hasPicture } = await add(classified, picture);
  onKey(key);
  notify();
  await keeper.keep(key, picture, { hasPicture });
  return key;
}

/**
 * One answer comes with its picture, so that leaving the page parts them not. Of many at once most
 * pictures would soon make room for newer ones: the keeper copies those that stay.
 */
async function add(classified: Classified, picture: File) {
  const isAlone = adding === 0 && keeper.isIdle;
  adding++;
  try {
    return isAlone
      ? await store.addWithPicture(picture.name, classified, Date.now(), picture)
      : { key: await store.add(picture.name, classified, Date.now()), hasPicture: false };
  } finally {
    adding--;
  }
}

export async function keepAgain(key: number, again: Classified): Promise<void> {
  await store.keepAgain(key, again);
  notify();
}

/** Marks an answer right or wrong; the server hears of it now, or when it can. */
export async function mark(key: number, correct: boolean): Promise<void> {
  await store.mark(key, correct);
  notify();
  await sendMarks();
}

/** @returns how to bring it back */
export async function remove(key: number): Promise<() => Promise<void>> {
  const removed = await store.remove(key);
  notify();
  return async () => {
    await store.restore(key, removed);
    notify();
  };
}

export async function clearHistory(): Promise<void> {
  await store.clear();
  notify();
}

/** @returns how to stop listening */
export function subscribeToHistory(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Sends marks now, and again when the browser comes online.
 *
 * @returns how to stop
 */
export function keepSendingMarks(): () => void {
  const send = () => void sendMarks().catch(() => undefined);
  send();
  addEventListener('online', send);
  return () => {
    removeEventListener('online', send);
    clearTimeout(retrying);
  };
}

async function sendMarks(): Promise<void> {
  clearTimeout(retrying);
  const flushed = navigator.onLine ? await withLock(() => flushFeedback(store)) : 'kept';
  if (flushed === 'kept' && (await store.waitingFeedback()).length > 0) {
    retrying = setTimeout(() => void sendMarks().catch(() => undefined), RETRY_MS);
  }
  notify();
}

/** Locks exist on secure pages only; elsewhere the server counts an id once all the same. */
async function withLock<T>(work: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return work();
  return navigator.locks.request('sightline-feedback', work);
}

function notify(): void {
  notifying ??= setTimeout(() => {
    notifying = undefined;
    listeners.forEach((listener) => listener());
  }, NOTIFY_MS);
}
