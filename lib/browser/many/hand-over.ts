import { openDB, type DBSchema } from 'idb';

interface HandOverDatabase extends DBSchema {
  files: { key: number; value: File };
}

/** Files on their way from another page of ours to `/many`, which without a network is loaded anew. */
export async function handOver(files: readonly File[]): Promise<void> {
  const database = await open();
  const { store, done } = database.transaction('files', 'readwrite');
  await Promise.all(files.map((file) => store.add(file)));
  await done;
  database.close();
}

/** What was handed over; once. */
export async function takeHandedOver(): Promise<readonly File[]> {
  const database = await open();
  const { store, done } = database.transaction('files', 'readwrite');
  const files = await store.getAll();
  await store.clear();
  await done;
  database.close();
  return files;
}

function open() {
  return openDB<HandOverDatabase>('sightline-hand-over', 1, {
    upgrade: (database) => void database.createObjectStore('files', { autoIncrement: true }),
  });
}
