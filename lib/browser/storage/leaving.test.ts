import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { expect, test, vi } from 'vitest';
import { abortedOnLeaving } from './leaving';

test('a transaction that runs when the page is left is aborted, and the next one runs', async () => {
  const page = new EventTarget();
  vi.stubGlobal('window', page);
  const database = await openDB('left', 1, {
    upgrade: (fresh) => void fresh.createObjectStore('things'),
  });
  const kept = abortedOnLeaving(database.transaction('things', 'readwrite'));
  await kept.store.put('kept', 1);
  await kept.done;
  const running = abortedOnLeaving(database.transaction('things', 'readwrite'));
  void running.store.put('lost', 2).catch(() => undefined);
  page.dispatchEvent(new Event('pagehide'));
  await expect(running.done).rejects.toThrow();
  expect(await database.getAll('things')).toEqual(['kept']);
});
