import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { log } from '../log';
import { DATABASE_FILE, EmbeddedStore } from './embedded';
import type {
  CountBatch,
  Counts,
  CountedBucket,
  KeyRecord,
  QuotaRequest,
  QuotaState,
  Resolution,
  Store,
} from './port';

/**
 * The embedded store of a server, which starts and goes on without its file: a damaged, missing or
 * unwritable one fails each operation, and a probe opens it once it is there again.
 */
export class ReopeningStore implements Store {
  readonly kind = 'embedded';
  readonly file: string;
  readonly #dataDir: string;
  #store: EmbeddedStore | undefined;
  #failure: unknown;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
    this.file = path.join(dataDir, DATABASE_FILE);
    try {
      this.#open();
    } catch (error) {
      this.#failure = error;
    }
  }

  #open(): EmbeddedStore {
    try {
      this.#store = new EmbeddedStore(this.#dataDir);
      return this.#store;
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  get #current(): EmbeddedStore {
    if (this.#store) return this.#store;
    throw this.#failure;
  }

  async probe(): Promise<void> {
    const store = this.#store ?? this.#open();
    if (store.isDisplaced && existsSync(this.#dataDir)) await this.#replace(store);
    await this.#current.probe();
  }

  /**
   * Writes the contents of the lost file to DATA_DIR again, unless another file is there already.
   */
  async #replace(lost: EmbeddedStore): Promise<void> {
    const isRescued = !existsSync(lost.file);
    if (isRescued) {
      const copy = `${lost.file}.rescued`;
      rmSync(copy, { force: true });
      lost.copyTo(copy);
      // SQLite would apply the lost file's log to the new file.
      for (const suffix of ['-wal', '-shm']) rmSync(`${lost.file}${suffix}`, { force: true });
      renameSync(copy, lost.file);
    }
    await lost.close();
    this.#store = undefined;
    this.#open();
    const how = isRescued ? 'was written again from the open one' : 'is another one now';
    log.warn({ file: lost.file }, `the database ${how}`);
  }

  async close(): Promise<void> {
    await this.#store?.close();
  }

  async takeQuota(request: QuotaRequest): Promise<QuotaState> {
    return this.#current.takeQuota(request);
  }

  readCache(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  writeCache(): Promise<void> {
    return Promise.resolve();
  }

  async saveKey(record: KeyRecord): Promise<void> {
    return this.#current.saveKey(record);
  }

  async findKey(id: string): Promise<KeyRecord | undefined> {
    return this.#current.findKey(id);
  }

  async listKeys(): Promise<KeyRecord[]> {
    return this.#current.listKeys();
  }

  async recordKeyUse(id: string, atMs: number): Promise<void> {
    return this.#current.recordKeyUse(id, atMs);
  }

  async addCounts(batch: CountBatch): Promise<void> {
    return this.#current.addCounts(batch);
  }

  async readCounts(resolution: Resolution, fromMs: number, toMs: number): Promise<CountedBucket[]> {
    return this.#current.readCounts(resolution, fromMs, toMs);
  }

  async freezeCounts(name: string, counts: Counts): Promise<Counts> {
    return this.#current.freezeCounts(name, counts);
  }

  async frozenCounts(name: string): Promise<Counts | undefined> {
    return this.#current.frozenCounts(name);
  }

  async claimIds(ids: readonly string[], nowMs: number): Promise<string[]> {
    return this.#current.claimIds(ids, nowMs);
  }

  async sharedSecret(name: string): Promise<string> {
    return this.#current.sharedSecret(name);
  }

  async ping(): Promise<void> {
    return this.#current.ping();
  }
}
