import { openDB, type DBSchema, type IDBPDatabase, type IDBPObjectStore } from 'idb';
import type { Classified } from '../client/client';
import { selectedOf } from '@/lib/shared/vision/ranking';
import { abortedOnLeaving } from '../storage/leaving';
import { fromStored, storedSize, toStoredBytes, type StoredBlob } from '../storage/stored-blob';
import { searchWords, splitWords, type HistoryEntry } from './entry';

export interface Limits {
  /** Largest number of entries; then the oldest are deleted. */
  readonly entries: number;
  /**
   * Largest number of pictures and of their bytes; then the oldest pictures are deleted. Their
   * entries keep the thumbnail.
   */
  readonly pictures: number;
  readonly pictureBytes: number;
}

export const LIMITS: Limits = { entries: 5_000, pictures: 200, pictureBytes: 100_000_000 };

/** The feedback that a mark sends to the server, stored under the key of its entry. */
export interface Feedback {
  readonly id: string;
  readonly model: string;
  readonly label: string;
  readonly correct: boolean;
  /** For a multi-label model: indices of all labels that the answer selected. */
  readonly selected?: number[];
  /** Signature of an answer from the server. */
  readonly signature?: string;
}

export interface Looked {
  /** Number of all entries. */
  readonly total: number;
  /** Number of entries that match the query. */
  readonly found: number;
  /** The newest of the matching entries. */
  readonly entries: readonly HistoryEntry[];
}

type StoredEntry = Omit<HistoryEntry, 'key'> & { readonly words: readonly string[] };

interface HistoryDatabase extends DBSchema {
  entries: { key: number; value: StoredEntry; indexes: { words: string } };
  thumbnails: { key: number; value: StoredBlob };
  pictures: { key: number; value: StoredBlob };
  feedback: { key: number; value: Feedback };
}

/** The part of an object store that is needed, for any transaction. */
interface PictureStore {
  readonly put: (picture: StoredBlob, key: number) => Promise<number>;
  readonly openCursor: (range: null, direction: 'prev') => Promise<PictureCursor | null>;
}

interface PictureCursor {
  readonly value: StoredBlob;
  readonly delete: () => Promise<void>;
  readonly continue: () => Promise<PictureCursor | null>;
}

/** An entry with everything that belonged to it. */
export interface Removed {
  readonly entry: StoredEntry | undefined;
  readonly thumbnail: StoredBlob | undefined;
  readonly picture: StoredBlob | undefined;
  readonly feedback: Feedback | undefined;
}

const STORES = ['entries', 'thumbnails', 'pictures', 'feedback'] as const;

/** The answers of this browser, newest first. */
export class HistoryStore {
  readonly #name: string;
  readonly #limits: Limits;
  #opening: Promise<IDBPDatabase<HistoryDatabase>> | undefined;

  constructor(name = 'sightline-history', limits: Limits = LIMITS) {
    this.#name = name;
    this.#limits = limits;
  }

  /**
   * @param picture stored together with the entry; left out if it is too large or the browser
   *   refuses it
   * @returns the key of the new entry, and whether its picture is stored
   */
  async addWithPicture(
    fileName: string,
    classified: Classified,
    atMs: number,
    picture: Blob,
  ): Promise<{ readonly key: number; readonly hasPicture: boolean }> {
    const hasPicture = picture.size <= this.#limits.pictureBytes;
    try {
      const kept = hasPicture ? picture : undefined;
      return { key: await this.add(fileName, classified, atMs, kept), hasPicture };
    } catch {
      // Some browsers refuse a Blob, and the disk may be full.
      return { key: await this.add(fileName, classified, atMs), hasPicture: false };
    }
  }

  /**
   * @param picture stored in the same transaction as the entry: both or neither, even if the page
   *   is closed
   * @returns the key of the new entry
   */
  async add(
    fileName: string,
    classified: Classified,
    atMs: number,
    picture?: StoredBlob,
  ): Promise<number> {
    const entry = { fileName, classified, atMs };
    const transaction = await this.#write(STORES);
    const entries = transaction.objectStore('entries');
    const key = await entries.add({ ...entry, words: searchWords(entry) });
    if (picture) {
      const pictures = transaction.objectStore('pictures');
      await put(picture, key, pictures).catch((error: unknown) => {
        abort(transaction);
        throw error;
      });
      await this.#makeRoom(pictures);
    }
    const surplus = (await entries.count()) - this.#limits.entries;
    const oldest = surplus > 0 ? await entries.getAllKeys(null, surplus) : [];
    await Promise.all(
      oldest.flatMap((old) => STORES.map((name) => transaction.objectStore(name).delete(old))),
    );
    await transaction.done;
    return key;
  }

  /** Stores a thumbnail, unless its entry was deleted meanwhile. */
  async keepThumbnail(key: number, thumbnail: Blob): Promise<void> {
    const stored = await toStoredBytes(thumbnail);
    const transaction = await this.#write(['entries', 'thumbnails']);
    if (await transaction.objectStore('entries').getKey(key)) {
      await transaction.objectStore('thumbnails').put(stored, key);
    }
    await transaction.done;
  }

  /** Stores a picture, unless its entry was deleted meanwhile. Older pictures make room. */
  async keepPicture(key: number, picture: Blob): Promise<void> {
    if (picture.size > this.#limits.pictureBytes) return;
    try {
      await this.#putPicture(key, picture);
    } catch {
      // Some browsers refuse a Blob here, but accept its bytes.
      await this.#putPicture(key, await toStoredBytes(picture));
    }
  }

  async #putPicture(key: number, picture: StoredBlob): Promise<void> {
    const transaction = await this.#write(['entries', 'pictures']);
    const pictures = transaction.objectStore('pictures');
    if (await transaction.objectStore('entries').getKey(key)) await pictures.put(picture, key);
    await this.#makeRoom(pictures);
    await transaction.done;
  }

  async #makeRoom(pictures: PictureStore): Promise<void> {
    let count = 0;
    let bytes = 0;
    let at = await pictures.openCursor(null, 'prev');
    for (; at; at = await at.continue()) {
      count++;
      bytes += storedSize(at.value);
      if (count > this.#limits.pictures || bytes > this.#limits.pictureBytes) await at.delete();
    }
  }

  /**
   * Finds the newest entries that have, for each word of the query, a word that begins with it. The
   * index alone answers the query, so that it stays fast with thousands of entries.
   *
   * @param most how many of the matching entries are read
   */
  async look(query: string, most: number): Promise<Looked> {
    const store = await this.#read('entries');
    const [keys, total] = await Promise.all([findKeys(store, splitWords(query)), store.count()]);
    return { total, found: keys.length, entries: await readEntries(store, keys.slice(0, most)) };
  }

  /** An entry; undefined if it was deleted. */
  async entry(key: number): Promise<HistoryEntry | undefined> {
    const value = await (await this.#read('entries')).get(key);
    return value && toEntry(key, value);
  }

  async thumbnail(key: number): Promise<Blob | undefined> {
    const stored = await (await this.#read('thumbnails')).get(key);
    return stored && fromStored(stored);
  }

  /** An entry's picture; undefined if it made room for newer ones. */
  async picture(key: number): Promise<Blob | undefined> {
    const stored = await (await this.#read('pictures')).get(key);
    return stored && fromStored(stored);
  }

  /** Stores the answer of the other runtime. */
  async keepAgain(key: number, again: Classified): Promise<void> {
    const transaction = await this.#write(['entries']);
    const entries = transaction.objectStore('entries');
    const entry = await entries.get(key);
    if (entry) await entries.put({ ...entry, again }, key);
    await transaction.done;
  }

  /** Marks an answer as right or wrong and queues the mark for the server. A sent mark is final. */
  async mark(key: number, correct: boolean): Promise<void> {
    const transaction = await this.#write(['entries', 'feedback']);
    const entries = transaction.objectStore('entries');
    const entry = await entries.get(key);
    const [top] = entry?.classified.answer.predictions ?? [];
    if (entry && top && (entry.mark?.state ?? 'waiting') === 'waiting') {
      const { id, model } = entry.classified.answer;
      const feedback = {
        id,
        model: model.id,
        label: top.label,
        correct,
        ...selectedIn(entry),
        ...signatureOf(entry),
      };
      await entries.put({ ...entry, mark: { correct, state: 'waiting' } }, key);
      await transaction.objectStore('feedback').put(feedback, key);
    }
    await transaction.done;
  }

  /** The feedback that waits to be sent, oldest entry first. */
  async waitingFeedback(): Promise<[key: number, feedback: Feedback][]> {
    const store = await this.#read('feedback');
    const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()]);
    return keys.map((key, index) => [key, values[index]!]);
  }

  /** Records how the server answered a mark. The mark is then final, as it was sent. */
  async finishFeedback(key: number, sent: Feedback, state: 'sent' | 'refused'): Promise<void> {
    const transaction = await this.#write(['entries', 'feedback']);
    await transaction.objectStore('feedback').delete(key);
    const entries = transaction.objectStore('entries');
    const entry = await entries.get(key);
    if (entry) await entries.put({ ...entry, mark: { correct: sent.correct, state } }, key);
    await transaction.done;
  }

  /**
   * Deletes an entry and everything that belongs to it. A waiting mark is not sent any more.
   *
   * @returns what was deleted, for `restore`
   */
  async remove(key: number): Promise<Removed> {
    const transaction = await this.#write(STORES);
    const [entry, thumbnail, picture, feedback] = await Promise.all([
      transaction.objectStore('entries').get(key),
      transaction.objectStore('thumbnails').get(key),
      transaction.objectStore('pictures').get(key),
      transaction.objectStore('feedback').get(key),
    ]);
    await Promise.all(STORES.map((name) => transaction.objectStore(name).delete(key)));
    await transaction.done;
    return { entry, thumbnail, picture, feedback };
  }

  /** Puts deleted data back under the same keys. */
  async restore(key: number, { entry, thumbnail, picture, feedback }: Removed): Promise<void> {
    const transaction = await this.#write(STORES);
    await Promise.all([
      entry && transaction.objectStore('entries').put(entry, key),
      thumbnail && transaction.objectStore('thumbnails').put(thumbnail, key),
      picture && transaction.objectStore('pictures').put(picture, key),
      feedback && transaction.objectStore('feedback').put(feedback, key),
    ]);
    await transaction.done;
  }

  async clear(): Promise<void> {
    const transaction = await this.#write(STORES);
    await Promise.all(STORES.map((name) => transaction.objectStore(name).clear()));
    await transaction.done;
  }

  async count(): Promise<number> {
    return (await this.#read('entries')).count();
  }

  async #write<Names extends readonly (typeof STORES)[number][]>(names: Names) {
    // The failed step reports the error itself, so the rejection of `done` needs no second report.
    return abortedOnLeaving((await this.#open()).transaction(names, 'readwrite'));
  }

  async #read<Name extends (typeof STORES)[number]>(name: Name) {
    return abortedOnLeaving((await this.#open()).transaction(name)).store;
  }

  /** Opens the database once. If that fails, the next call tries again. */
  #open(): Promise<IDBPDatabase<HistoryDatabase>> {
    this.#opening ??= openDB<HistoryDatabase>(this.#name, 1, {
      upgrade: (database) => {
        const entries = database.createObjectStore('entries', { autoIncrement: true });
        entries.createIndex('words', 'words', { multiEntry: true });
        for (const name of STORES.slice(1)) database.createObjectStore(name);
      },
    }).catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }
}

/** Async, so that a refused Blob always rejects: some browsers throw before there is a promise. */
async function put(picture: StoredBlob, key: number, pictures: PictureStore): Promise<void> {
  await pictures.put(picture, key);
}

function abort(transaction: { readonly abort: () => void }): void {
  try {
    transaction.abort();
  } catch {
    // The transaction had already ended.
  }
}

function selectedIn({ classified }: StoredEntry): Pick<Feedback, 'selected'> {
  const selected = selectedOf(classified.answer.predictions);
  return selected ? { selected } : {};
}

function signatureOf({ classified }: StoredEntry): { signature?: string } {
  if (classified.on !== 'server') return {};
  const { signature } = classified.answer;
  return signature === undefined ? {} : { signature };
}

type EntriesStore = IDBPObjectStore<HistoryDatabase, ['entries'], 'entries'>;

/** Keys of the matching entries, newest first. */
async function findKeys(store: EntriesStore, words: readonly string[]): Promise<number[]> {
  if (words.length === 0) return (await store.getAllKeys()).reverse();
  const index = store.index('words');
  const found = await Promise.all(
    words.map((word) => index.getAllKeys(IDBKeyRange.bound(word, `${word}\uffff`))),
  );
  const [first, ...others] = found.map((keys) => new Set(keys));
  return [...first!].filter((key) => others.every((set) => set.has(key))).sort((a, b) => b - a);
}

/** Reads neighbouring keys with one request, which is much faster than one request per key. */
async function readEntries(
  store: EntriesStore,
  keys: readonly number[],
): Promise<readonly HistoryEntry[]> {
  const [newest, oldest] = [keys[0], keys.at(-1)];
  if (newest === undefined || oldest === undefined) return [];
  if (newest - oldest + 1 === keys.length) {
    const values = await store.getAll(IDBKeyRange.bound(oldest, newest));
    return values.reverse().map((value, index) => toEntry(keys[index]!, value));
  }
  const values = await Promise.all(keys.map((key) => store.get(key)));
  return values.map((value, index) => toEntry(keys[index]!, value!));
}

function toEntry(key: number, { words: _, ...entry }: StoredEntry): HistoryEntry {
  return { key, ...entry };
}
