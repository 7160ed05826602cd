import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type * as z from 'zod/mini';
import { abortedOnLeaving } from '../storage/leaving';
import type { reportSchema } from '../../shared/contract/statistics';

/** The report of a prediction on this device. It never contains the picture. */
export type Report = z.infer<typeof reportSchema>;

/** Bounds the disk space of a device that stays offline. */
export const MAX_QUEUED = 5000;

interface ReportsDatabase extends DBSchema {
  reports: { key: number; value: Report };
}

/** Reports that wait to be sent, oldest first. */
export class ReportQueue {
  readonly #name: string;
  #opening: Promise<IDBPDatabase<ReportsDatabase>> | undefined;

  constructor(name = 'sightline-reports') {
    this.#name = name;
  }

  /** Adds a report. Beyond `maxQueued`, the oldest is deleted. */
  async add(report: Report, maxQueued = MAX_QUEUED): Promise<void> {
    const database = await this.#open();
    // The failed step reports the error itself, so the rejection of `done` needs no second report.
    const { store, done } = abortedOnLeaving(database.transaction('reports', 'readwrite'));
    await store.add(report);
    let surplus = (await store.count()) - maxQueued;
    let cursor = surplus > 0 ? await store.openCursor() : null;
    while (cursor && surplus-- > 0) {
      await cursor.delete();
      cursor = await cursor.continue();
    }
    await done;
  }

  /** The oldest reports, with their keys for `remove`. */
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
    const { store, done } = abortedOnLeaving(database.transaction('reports', 'readwrite'));
    await Promise.all([...keys.map((key) => store.delete(key)), done]);
  }

  async count(): Promise<number> {
    return (await this.#open()).count('reports');
  }

  async clear(): Promise<void> {
    await (await this.#open()).clear('reports');
  }

  /** Opens the database once. If that fails, the next call tries again. */
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
