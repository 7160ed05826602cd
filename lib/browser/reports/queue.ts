import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type * as z from 'zod/mini';
import type { reportSchema } from '../../shared/contract/statistics';

/** What is told of a prediction on this device; never the picture. */
export type Report = z.infer<typeof reportSchema>;

/** A device that is never connected again does not fill its disk. */
export const MAX_QUEUED = 5000;

interface ReportsDatabase extends DBSchema {
  reports: { key: number; value: Report };
}

/** Reports that wait to be sent, in the order in which they came. */
export class ReportQueue {
  readonly #name: string;
  #opening: Promise<IDBPDatabase<ReportsDatabase>> | undefined;

  constructor(name = 'sightline-reports') {
    this.#name = name;
  }

  /** Adds one; beyond `MAX_QUEUED` the oldest goes. */
  async add(report: Report, maxQueued = MAX_QUEUED): Promise<void> {
    const database = await this.#open();
    const { store, done } = database.transaction('reports', 'readwrite');
    // A step that fails says so itself; that the rest ends with it needs no second listener.
    done.catch(() => undefined);
    await store.add(report);
    let surplus = (await store.count()) - maxQueued;
    let cursor = surplus > 0 ? await store.openCursor() : null;
    while (cursor && surplus-- > 0) {
      await cursor.delete();
      cursor = await cursor.continue();
    }
    await done;
  }

  /** The oldest, with the keys under which `remove` finds them. */
  async peek(count: number): Promise<{ keys: number[]; reports: Report[] }> {
    const database = await this.#open();
    const { store } = database.transaction('reports');
    const [keys, reports] = await Promise.all([
      store.getAllKeys(null, count),
      store.getAll(null, count),
    ]);
    return { keys, reports };
  }

  async remove(keys: readonly number[]): Promise<void> {
    const database = await this.#open();
    const { store, done } = database.transaction('reports', 'readwrite');
    await Promise.all([...keys.map((key) => store.delete(key)), done]);
  }

  async count(): Promise<number> {
    return (await this.#open()).count('reports');
  }

  async clear(): Promise<void> {
    await (await this.#open()).clear('reports');
  }

  /** Opened once; a failure is not kept. */
  #open(): Promise<IDBPDatabase<ReportsDatabase>> {
    this.#opening ??= openDB<ReportsDatabase>(this.#name, 1, {
      upgrade: (database) => void database.createObjectStore('reports', { autoIncrement: true }),
    }).catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }
}
