import { openDB, type DBSchema } from 'idb';

interface HandOverDatabase extends DBSchema {
  /** For `/many`. */
  files: { key: number; value: File };
  /** For `/`. */
  picture: { key: number; value: File };
}

export type Receiver = keyof Pick<HandOverDatabase, 'files' | 'picture'>;

/** Files on their way from another page of ours, which without a network is loaded anew. */
export async function handOver(
  files: readonly File[],
  receiver: Receiver = 'files',
): Promise<void> {
  const database = await open();
  const { store, done } = database.transaction(receiver, 'readwrite');
  await Promise.all(files.map((file) => store.add(file)));
  await done;
  database.close();
}

/** What was handed over; once. */
export async function takeHandedOver(receiver: Receiver = 'files'): Promise<readonly File[]> {
  const database = await open();
  const { store, done } = database.transaction(receiver, 'readwrite');
  const files = await store.getAll();
  await store.clear();
  await done;
  database.close();
  return files;
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
