/** The page's interface to the history: remember an answer, look up, mark, delete. */
import type { Classified } from '../client/client';
import { getPreferences } from '../preferences';
import { flushFeedback } from './feedback';
import { Keeper } from './keeper';
import { HistoryStore } from './store';

export type { HistoryEntry } from './entry';

const RETRY_MS = 30_000;
/** Combines many answers in a row into one notification. */
const NOTIFY_MS = 250;

const listeners = new Set<() => void>();
let notifying: ReturnType<typeof setTimeout> | undefined;
let retrying: ReturnType<typeof setTimeout> | undefined;

const store = new HistoryStore();
const keeper = new Keeper(store, notify);

/** Read-only. Changes go through the functions below, which notify the listeners. */
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

/** Number of entries that are being written. */
let adding = 0;

/**
 * Stores an answer and its picture if the visitor wants a history.
 *
 * @param onKey called with the entry's key as soon as it is known
 * @returns the entry's key once the picture is stored; undefined without a history
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
 * A single answer is stored together with its picture, so that leaving the page cannot separate
 * them. Of many answers at once, most pictures would soon be displaced by newer ones, so the keeper
 * stores only those that stay.
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

/** Marks an answer as right or wrong. The server gets the mark now, or when it can be reached. */
export async function mark(key: number, correct: boolean): Promise<void> {
  await store.mark(key, correct);
  notify();
  await sendMarks();
}

/** @returns a function that restores the entry */
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

/** @returns a function that stops listening */
export function subscribeToHistory(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Sends the waiting marks now, and again when the browser comes online.
 *
 * @returns a function that stops it
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

/** Locks exist only on secure pages. Without a lock, the server still counts each id once. */
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
