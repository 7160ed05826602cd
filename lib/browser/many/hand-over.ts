import { openDB, type DBSchema } from 'idb';
import { fromStored, toStoredBytes, type StoredBlob } from '../storage/stored-blob';

interface HandOverDatabase extends DBSchema {
  files: { key: number; value: StoredBlob };
}

/** Files on their way from another page of ours to `/many`, which without a network is loaded anew. */
export async function handOver(files: readonly File[]): Promise<void> {
  try {
    await add(files);
  } catch {
    // Some browsers refuse a file here; its bytes they keep.
    await add(await Promise.all(files.map(toStoredBytes)));
  }
}

async function add(files: readonly StoredBlob[]): Promise<void> {
  const database = await open();
  try {
    const { store, done } = database.transaction('files', 'readwrite');
    await Promise.all([...files.map((file) => store.add(file)), done]);
  } finally {
    database.close();
  }
}

/** What was handed over; once. */
export async function takeHandedOver(): Promise<readonly File[]> {
  const database = await open();
  const { store, done } = database.transaction('files', 'readwrite');
  const [files] = await Promise.all([store.getAll(), store.clear(), done]);
  database.close();
  return files.map((file) => fromStored(file) as File);
}

function open() {
  return openDB<HandOverDatabase>('sightline-hand-over', 1, {
    upgrade: (database) => void database.createObjectStore('files', { autoIncrement: true }),
  });
}
