import { openDB, type DBSchema } from 'idb';
import { fromStored, toStoredBytes, type StoredBlob } from '../storage/stored-blob';

interface HandOverDatabase extends DBSchema {
  /** Files for the page `/many`. */
  files: { key: number; value: StoredBlob };
  /** A file for the page `/`. */
  picture: { key: number; value: StoredBlob };
}

export type Receiver = 'files' | 'picture';

/**
 * Files that the browser did not store: some private windows store nothing, and storage may be full.
 * They are lost if the page reloads.
 */
const inMemory: Record<Receiver, File[]> = { files: [], picture: [] };

/**
 * Stores files for another page of the app, because a page change without a network reloads
 * everything.
 */
export async function handOver(
  files: readonly File[],
  receiver: Receiver = 'files',
): Promise<void> {
  try {
    await add(files, receiver);
  } catch {
    try {
      // Some browsers refuse a File here, but accept its bytes.
      await add(await Promise.all(files.map(toStoredBytes)), receiver);
    } catch {
      inMemory[receiver].push(...files);
    }
  }
}

async function add(files: readonly StoredBlob[], receiver: Receiver): Promise<void> {
  const database = await open();
  try {
    const { store, done } = database.transaction(receiver, 'readwrite');
    await Promise.all([...files.map((file) => store.add(file)), done]);
  } finally {
    database.close();
  }
}

/** Returns the stored files once, and deletes them. */
export async function takeHandedOver(receiver: Receiver = 'files'): Promise<readonly File[]> {
  const remembered = inMemory[receiver].splice(0);
  return [...remembered, ...(await takeStored(receiver).catch(() => []))];
}

async function takeStored(receiver: Receiver): Promise<readonly File[]> {
  const database = await open();
  const { store, done } = database.transaction(receiver, 'readwrite');
  const [files] = await Promise.all([store.getAll(), store.clear(), done]);
  database.close();
  return files.map((file) => fromStored(file) as File);
}

function open() {
  return openDB<HandOverDatabase>('sightline-hand-over', 2, {
    upgrade: (database) => {
      for (const name of ['files', 'picture'] as const) {
        if (!database.objectStoreNames.contains(name)) {
          database.createObjectStore(name, { autoIncrement: true });
        }
      }
    },
  });
}
