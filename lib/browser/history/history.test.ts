import 'fake-indexeddb/auto';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Classified } from '../client/client';
import { ServerError } from '../client/server-error';
import { flushFeedback } from './feedback';
import { Keeper } from './keeper';
import { HistoryStore, type Feedback } from './store';

const LIMITS = { entries: 100, pictures: 2, pictureBytes: 100 };

function answered(label: string, on: 'server' | 'device' = 'server'): Classified {
  const answer = {
    id: randomUUID(),
    model: { id: 'some-model', version: '0123456789ab' },
    predictions: [{ label, index: 3, score: 0.9 }],
  };
  return { on, answer, elapsedMs: 12 } as unknown as Classified;
}

let store: HistoryStore;
beforeEach(() => {
  store = new HistoryStore(randomUUID(), LIMITS);
});

/** Keys of the entries found. */
async function find(from: HistoryStore, query: string): Promise<number[]> {
  return (await from.look(query, 100)).entries.map(({ key }) => key);
}

const NOTHING_KEPT = {
  thumbnail: () => Promise.resolve(undefined),
  picture: () => Promise.resolve(undefined),
};

const blob = (bytes: number) => new Blob([new Uint8Array(bytes)]);

describe('entries', () => {
  test('come newest first and outlive the page', async () => {
    const name = randomUUID();
    const before = new HistoryStore(name);
    const keys = [
      await before.add('cat.jpg', answered('tabby'), 1_000),
      await before.add('cup.jpg', answered('espresso'), 2_000),
    ];
    const after = new HistoryStore(name);
    expect(await find(after, '')).toEqual(keys.reverse());
    const { entries } = await after.look('', 9);
    expect(entries.map(({ fileName }) => fileName)).toEqual(['cup.jpg', 'cat.jpg']);
  });

  test('are bounded: the oldest are removed with their pictures and marks', async () => {
    const small = new HistoryStore(randomUUID(), { ...LIMITS, entries: 2 });
    const first = await small.add('1.jpg', answered('tabby'), 1);
    await small.keepThumbnail(first, blob(1));
    await small.keepPicture(first, blob(1));
    await small.mark(first, true);
    const rest = [
      await small.add('2.jpg', answered('tabby'), 2),
      await small.add('3.jpg', answered('tabby'), 3),
    ];
    expect(await find(small, '')).toEqual(rest.reverse());
    expect(await small.thumbnail(first)).toBeUndefined();
    expect(await small.picture(first)).toBeUndefined();
    expect(await small.waitingFeedback()).toEqual([]);
  });

  test('that were deleted stay deleted', async () => {
    const key = await store.add('cat.jpg', answered('tabby'), 1);
    const other = await store.add('cup.jpg', answered('espresso'), 2);
    await store.remove(key);
    await store.keepThumbnail(key, blob(1));
    await store.keepPicture(key, blob(1));
    expect(await find(store, '')).toEqual([other]);
    expect(await store.thumbnail(key)).toBeUndefined();
    expect(await store.picture(key)).toBeUndefined();
    await store.clear();
    expect(await store.count()).toBe(0);
  });
});

test('a deleted answer is brought back in its place, with all that was its own', async () => {
  const first = await store.add('cat.jpg', answered('tabby'), 1);
  const second = await store.add('cup.jpg', answered('espresso'), 2);
  await store.keepThumbnail(first, blob(1));
  await store.keepPicture(first, blob(2));
  await store.mark(first, true);
  const removed = await store.remove(first);
  expect(await find(store, '')).toEqual([second]);
  await store.restore(first, removed);
  expect(await find(store, '')).toEqual([second, first]);
  expect((await store.thumbnail(first))?.size).toBe(1);
  expect((await store.picture(first))?.size).toBe(2);
  expect(await store.waitingFeedback()).toHaveLength(1);
});

describe('the search', () => {
  test('reads at most as many as requested, and counts all matches', async () => {
    for (const name of ['a1', 'b1', 'a2', 'a3', 'b2']) await store.add(name, answered('cup'), 1);
    const { total, found, entries } = await store.look('a', 2);
    expect([total, found, entries.map(({ fileName }) => fileName)]).toEqual([5, 3, ['a3', 'a2']]);
  });

  test.each([
    ['', [2, 1, 0]],
    ['tab', [0]],
    ['TABBY, cat', [0]],
    ['cat', [2, 0]],
    ['holiday', [1, 0]],
    ['holiday 2', [1]],
    ['device', [2]],
    ['abby', []],
  ])('“%s” finds %j', async (query, expected) => {
    const keys = [
      await store.add('holiday-1.jpg', answered('tabby, tabby cat'), 1),
      await store.add('holiday-2.jpg', answered('espresso'), 2),
      await store.add('cat.png', answered('Egyptian mask', 'device'), 3),
    ];
    expect(await find(store, query)).toEqual(expected.map((index) => keys[index]));
  });
});

describe('pictures', () => {
  test('are kept as they are', async () => {
    const key = await store.add('cat.jpg', answered('tabby'), 1);
    await store.keepPicture(key, new Blob(['some bytes'], { type: 'image/png' }));
    const kept = (await store.picture(key))!;
    expect([await kept.text(), kept.type]).toEqual(['some bytes', 'image/png']);
  });

  test('are kept as bytes where a browser refuses Blobs', async () => {
    const key = await store.add('cat.jpg', answered('tabby'), 1);
    await store.keepThumbnail(key, new Blob(['small'], { type: 'image/jpeg' }));
    const refusing = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(() => {
      throw new DOMException('No Blobs here.', 'DataCloneError');
    });
    await store.keepPicture(key, new File(['large'], 'cat.png', { type: 'image/png' }));
    refusing.mockRestore();
    const [thumbnail, picture] = [await store.thumbnail(key), await store.picture(key)];
    expect([await thumbnail!.text(), thumbnail!.type]).toEqual(['small', 'image/jpeg']);
    expect([await picture!.text(), picture!.type]).toEqual(['large', 'image/png']);
    expect((picture as File).name).toBe('cat.png');
  });

  test.each([
    ['how many', [1, 1, 1], [false, true, true]],
    ['how large', [60, 50, 50], [false, true, true]],
    ['one that is larger than all may be', [60, 101], [true, false]],
  ])('are bounded by %s; entries stay', async (_, sizes, expected) => {
    const keys: number[] = [];
    for (const size of sizes) {
      const key = await store.add('a.jpg', answered('tabby'), 1);
      await store.keepPicture(key, blob(size));
      keys.push(key);
    }
    const isKept = await Promise.all(keys.map(async (key) => !!(await store.picture(key))));
    expect(isKept).toEqual(expected);
    expect(await store.count()).toBe(sizes.length);
  });
});

describe('a picture that comes with its entry', () => {
  test('is there as soon as the entry is, and is bounded as the others', async () => {
    const keys: number[] = [];
    for (const size of [60, 50, 101]) {
      const added = await store.addWithPicture('a.jpg', answered('tabby'), 1, blob(size));
      keys.push(added.key);
      expect(added.hasPicture).toBe(size <= LIMITS.pictureBytes);
    }
    const isKept = await Promise.all(keys.map(async (key) => !!(await store.picture(key))));
    expect(isKept).toEqual([false, true, false]);
    expect(await store.count()).toBe(3);
  });

  test('leaves one entry without it where a browser refuses Blobs', async () => {
    const refusing = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(() => {
      throw new DOMException('No Blobs here.', 'DataCloneError');
    });
    const added = await store.addWithPicture('a.jpg', answered('tabby'), 1, blob(1));
    refusing.mockRestore();
    expect(added.hasPicture).toBe(false);
    expect(await find(store, '')).toEqual([added.key]);
  });

  test('gives the thumbnail that the page was left before', async () => {
    const { key } = await store.addWithPicture('a.jpg', answered('tabby'), 1, blob(7));
    expect(await store.thumbnail(key)).toBeUndefined();
    const thumbnailOf = vi.fn((picture: Blob) => Promise.resolve(blob(picture.size - 1)));
    const keeper = new Keeper(store, () => undefined, { thumbnailOf });
    expect((await keeper.thumbnail(key))?.size).toBe(6);
    expect((await keeper.thumbnail(key))?.size).toBe(6);
    expect(thumbnailOf).toHaveBeenCalledOnce();
    expect(await keeper.thumbnail(key + 1)).toBeUndefined();
  });
});

describe('the keeper', () => {
  test('makes every thumbnail, and keeps only the newest pictures', async () => {
    const kept: string[] = [];
    const keeper = new Keeper(
      {
        keepThumbnail: (key) => Promise.resolve(void kept.push(`thumbnail ${key}`)),
        keepPicture: (key) => Promise.resolve(void kept.push(`picture ${key}`)),
        ...NOTHING_KEPT,
      },
      () => undefined,
      { thumbnailOf: () => Promise.resolve(blob(1)), maxPictures: 1 },
    );
    await Promise.all([1, 2, 3].map((key) => keeper.keep(key, blob(1))));
    // Its copying began before the others were added.
    expect(kept).toEqual(['thumbnail 1', 'picture 1', 'thumbnail 2', 'thumbnail 3', 'picture 3']);
  });

  test('goes on after a picture that cannot be decoded or stored', async () => {
    const thumbnails: number[] = [];
    const keeper = new Keeper(
      {
        keepThumbnail: (key) => Promise.resolve(void thumbnails.push(key)),
        keepPicture: () => Promise.reject(new DOMException('full', 'QuotaExceededError')),
        ...NOTHING_KEPT,
      },
      () => undefined,
      {
        thumbnailOf: (picture) =>
          picture.size === 0 ? Promise.reject(new Error('broken')) : Promise.resolve(picture),
      },
    );
    await Promise.all([keeper.keep(1, blob(0)), keeper.keep(2, blob(1))]);
    expect(thumbnails).toEqual([2]);
  });
});

describe('a mark', () => {
  const markOf = async (key: number) => (await store.entry(key))!.mark;
  let key: number;
  let sent: Feedback[];
  const send = (feedback: Feedback) => Promise.resolve(void sent.push(feedback));
  const refuse = (status: number) => () =>
    Promise.reject(new ServerError({ kind: 'status', status }, undefined));

  beforeEach(async () => {
    sent = [];
    key = await store.add('cat.jpg', answered('tabby, tabby cat'), 1);
  });

  test('is sent once, as the answer named its label', async () => {
    await store.mark(key, false);
    expect(await markOf(key)).toEqual({ correct: false, state: 'waiting' });
    expect(await flushFeedback(store, send)).toBe('sent');
    expect(await flushFeedback(store, send)).toBe('sent');
    const { id } = (await store.entry(key))!.classified.answer;
    expect(sent).toEqual([{ id, model: 'some-model', label: 'tabby, tabby cat', correct: false }]);
    expect(await markOf(key)).toEqual({ correct: false, state: 'sent' });
  });

  test('of labels by themselves names all that were selected, and that none was', async () => {
    const several = answered('beach');
    several.answer.predictions.splice(
      0,
      1,
      { label: 'beach', index: 3, score: 0.9, selected: true },
      { label: 'dog', index: 1, score: 0.6, selected: true },
      { label: 'car', index: 2, score: 0.1, selected: false },
    );
    const none = answered('beach');
    Object.assign(none.answer.predictions[0]!, { selected: false });
    await store.mark(await store.add('1.jpg', several, 1), true);
    await store.mark(await store.add('2.jpg', none, 1), true);
    await flushFeedback(store, send);
    expect(sent.map(({ selected }) => selected)).toEqual([[3, 1], []]);
  });

  test('can be changed until it is sent', async () => {
    await store.mark(key, false);
    await store.mark(key, true);
    await flushFeedback(store, send);
    await store.mark(key, false);
    await flushFeedback(store, send);
    expect(sent.map(({ correct }) => correct)).toEqual([true]);
    expect(await markOf(key)).toEqual({ correct: true, state: 'sent' });
  });

  test('waits while there is no network', async () => {
    await store.mark(key, true);
    const lost = () => Promise.reject(new ServerError({ kind: 'network' }, undefined));
    expect(await flushFeedback(store, lost)).toBe('kept');
    expect(await flushFeedback(store, send)).toBe('sent');
    expect(sent).toHaveLength(1);
  });

  test.each([401, 408, 429, 500, 503])('waits at status %d', async (status) => {
    await store.mark(key, true);
    expect(await flushFeedback(store, refuse(status))).toBe('kept');
    expect(await markOf(key)).toEqual({ correct: true, state: 'waiting' });
  });

  test('that the server refuses is not sent again', async () => {
    await store.mark(key, true);
    expect(await flushFeedback(store, refuse(404))).toBe('sent');
    expect(await flushFeedback(store, send)).toBe('sent');
    expect(sent).toEqual([]);
    expect(await markOf(key)).toEqual({ correct: true, state: 'refused' });
  });
});

test('what the other runtime answered is kept beside the first answer', async () => {
  const key = await store.add('cat.jpg', answered('tabby'), 1);
  await store.keepAgain(key, answered('Egyptian cat', 'device'));
  const entry = await store.entry(key);
  expect([entry!.classified.on, entry!.again!.on]).toEqual(['server', 'device']);
  expect(await find(store, 'tabby')).toEqual([key]);
});
