import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import { StoreFileError } from './failure';
import { addCounts, JOURNAL_TABLE, JournalledCounts } from './journalled-counts';
import { log } from '../log';
import { LocalQuotas } from './local-quotas';
import {
  CLAIM_KEPT_MS,
  makeSecret,
  RESOLUTIONS,
  type CountBatch,
  type Counts,
  type CountedBucket,
  type KeyRecord,
  type QuotaRequest,
  type QuotaState,
  type Resolution,
  type Store,
} from './port';
import { inTransaction } from './transaction';

/** Applied in order, once each; the file remembers how many by `user_version`. */
export const MIGRATIONS = [
  `CREATE TABLE keys (id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE counts (
     resolution TEXT NOT NULL, start_ms INTEGER NOT NULL, field TEXT NOT NULL, n REAL NOT NULL,
     PRIMARY KEY (resolution, start_ms, field)
   ) WITHOUT ROWID;
   CREATE TABLE claims (id TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) WITHOUT ROWID;
   CREATE INDEX claims_by_time ON claims (at_ms);`,
  `CREATE TABLE frozen (name TEXT PRIMARY KEY, counts TEXT NOT NULL) WITHOUT ROWID;`,
  JOURNAL_TABLE,
  `CREATE TABLE IF NOT EXISTS key_uses (id TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) WITHOUT ROWID;`,
  // One row, to see whether the file takes writes.
  `CREATE TABLE IF NOT EXISTS probe (id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, room BLOB NOT NULL);`,
  `CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;`,
];
/** Several pages, as counts need them: on a full disk a single page may still fit. */
const PROBE_BYTES = 16_384;

export const DATABASE_FILE = 'sightline.db';

const BUSY_TIMEOUT_MS = 2_000;
const EXPIRE_EVERY_MS = 600_000;

/** Counts by the starts of the buckets that begin in [fromMs, toMs). */
type ReadSums = (resolution: Resolution, fromMs: number, toMs: number) => Map<number, Counts>;

/**
 * A SQLite file under DATA_DIR; added data is handed to the operating system when the promise
 * resolves.
 */
export class EmbeddedStore implements Store {
  readonly kind = 'embedded';
  /** Of the file, while this store is open. */
  readonly file: string;
  readonly #inode: number;
  readonly #db: Database.Database;
  readonly #quotas: LocalQuotas;
  readonly #now: () => number;
  readonly #counts: JournalledCounts;
  readonly #readSums: ReadSums;
  #expiredAtMs = 0;

  /** @param busyTimeoutMs how long a write waits for another process that has the file */
  constructor(
    dataDir: string,
    now: () => number = Date.now,
    busyTimeoutMs: number = BUSY_TIMEOUT_MS,
  ) {
    this.#now = now;
    this.#quotas = new LocalQuotas(now);
    this.file = path.join(dataDir, DATABASE_FILE);
    this.#db = openDatabase(this.file, busyTimeoutMs);
    this.#inode = inodeOf(this.file)!;
    this.#db.exec(`PRAGMA journal_mode = WAL`);
    // In WAL mode a killed process loses nothing with NORMAL; only a power cut may.
    this.#db.exec(`PRAGMA synchronous = NORMAL`);
    this.#migrate();
    this.#counts = new JournalledCounts(this.#db);
    this.#readSums = this.#prepareRead();
  }

  #prepareRead(): ReadSums {
    // One row a bucket: making a row costs more than parsing what hundreds of fields take as JSON.
    const read = this.#db.prepare(
      `SELECT start_ms AS startMs, json_group_object(field, n) AS counts FROM counts
       WHERE resolution = ? AND start_ms >= ? AND start_ms < ? GROUP BY start_ms`,
    );
    // In a transaction, so that nobody moves counts from one to the other between the two.
    return (...range) =>
      inTransaction(this.#db, 'DEFERRED', () => {
        const sums = this.#counts.noted(...range);
        for (const row of read.all(...range) as { startMs: number; counts: string }[]) {
          const stored = JSON.parse(row.counts) as Record<string, number>;
          addCounts(stored, sums.get(row.startMs) ?? {});
          sums.set(row.startMs, stored);
        }
        return sums;
      });
  }

  /**
   * Holds the file's lock: of two processes that start together, the second finds the work done.
   */
  #migrate(): void {
    inTransaction(this.#db, 'IMMEDIATE', () => {
      const row = this.#db.prepare('PRAGMA user_version').get() as { user_version: number };
      for (const migration of MIGRATIONS.slice(row.user_version)) this.#db.exec(migration);
      const version = Math.max(row.user_version, MIGRATIONS.length);
      this.#db.exec(`PRAGMA user_version = ${version}`);
    });
  }

  takeQuota(request: QuotaRequest): Promise<QuotaState> {
    return Promise.resolve(this.#quotas.take(request));
  }

  readCache(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  writeCache(): Promise<void> {
    return Promise.resolve();
  }

  saveKey(record: KeyRecord): Promise<void> {
    this.#db
      .prepare(
        'INSERT INTO keys VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record',
      )
      .run(record.id, JSON.stringify(record));
    return Promise.resolve();
  }

  findKey(id: string): Promise<KeyRecord | undefined> {
    const row = this.#db.prepare('SELECT record FROM keys WHERE id = ?').get(id);
    return Promise.resolve(row ? parseRecord(row) : undefined);
  }

  listKeys(): Promise<KeyRecord[]> {
    const records = this.#db.prepare('SELECT record FROM keys').all().map(parseRecord);
    const uses = this.#db.prepare('SELECT id, at_ms AS atMs FROM key_uses').all();
    const lastUse = new Map(
      (uses as { id: string; atMs: number }[]).map((use) => [use.id, use.atMs]),
    );
    return Promise.resolve(sortKeys(withLastUse(records, (id) => lastUse.get(id))));
  }

  recordKeyUse(id: string, atMs: number): Promise<void> {
    this.#db
      .prepare(
        'INSERT INTO key_uses VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET at_ms = excluded.at_ms',
      )
      .run(id, atMs);
    return Promise.resolve();
  }

  addCounts(batch: CountBatch): Promise<void> {
    this.#assertInPlace();
    this.#expire();
    // A batch of this process is added completely or not at all, so it cannot be added twice.
    if (batch.isRepeated) this.#addOnce(batch);
    else this.#counts.add(batch.buckets);
    return Promise.resolve();
  }

  #addOnce({ writer, sequence, buckets }: CountBatch): void {
    this.#counts.flush();
    const claim = this.#db.prepare('INSERT OR IGNORE INTO claims VALUES (?, ?)');
    inTransaction(this.#db, 'IMMEDIATE', () => {
      const { changes } = claim.run(`counts:${writer}:${sequence}`, this.#now());
      if (changes > 0) this.#counts.add(buckets);
    });
  }

  readCounts(resolution: Resolution, fromMs: number, toMs: number): Promise<CountedBucket[]> {
    const sums = this.#readSums(resolution, fromMs, toMs);
    const buckets = [...sums].map(([startMs, counts]) => ({ resolution, startMs, counts }));
    return Promise.resolve(buckets.sort((a, b) => a.startMs - b.startMs));
  }

  async freezeCounts(name: string, counts: Counts): Promise<Counts> {
    this.#db
      .prepare('INSERT OR IGNORE INTO frozen VALUES (?, ?)')
      .run(name, JSON.stringify(counts));
    return (await this.frozenCounts(name))!;
  }

  frozenCounts(name: string): Promise<Counts | undefined> {
    const row = this.#db.prepare('SELECT counts FROM frozen WHERE name = ?').get(name) as
      { counts: string } | undefined;
    return Promise.resolve(row && (JSON.parse(row.counts) as Counts));
  }

  claimIds(ids: readonly string[], nowMs: number): Promise<string[]> {
    const claim = this.#db.prepare('INSERT OR IGNORE INTO claims VALUES (?, ?)');
    const claimed: string[] = [];
    inTransaction(this.#db, 'IMMEDIATE', () => {
      for (const id of ids) if (claim.run(id, nowMs).changes > 0) claimed.push(id);
    });
    return Promise.resolve(claimed);
  }

  sharedSecret(name: string): Promise<string> {
    this.#db.prepare('INSERT OR IGNORE INTO secrets VALUES (?, ?)').run(name, makeSecret());
    const row = this.#db.prepare('SELECT value FROM secrets WHERE name = ?').get(name);
    return Promise.resolve((row as { value: string }).value);
  }

  ping(): Promise<void> {
    this.#db.prepare('SELECT 1').get();
    return Promise.resolve();
  }

  probe(): Promise<void> {
    this.#assertInPlace();
    this.#db
      .prepare('INSERT OR REPLACE INTO probe VALUES (1, ?, zeroblob(?))')
      .run(this.#now(), PROBE_BYTES);
    return Promise.resolve();
  }

  /** Whether the file is no longer where it was opened: deleted, or another one in its place. */
  get isDisplaced(): boolean {
    return inodeOf(this.file) !== this.#inode;
  }

  /** Writes to a deleted file succeed, but are lost. */
  #assertInPlace(): void {
    if (!this.isDisplaced) return;
    throw new StoreFileError(
      'DATA_DIR/sightline.db is gone or was replaced while it was open; once DATA_DIR is there again, what was in it is written anew',
    );
  }

  /** Writes all that is in this store to a new file, even if its own has been deleted. */
  copyTo(file: string): void {
    this.#db.prepare('VACUUM INTO ?').run(file);
  }

  /**
   * Leaves one file that can be copied as it is, unless other processes have it open or it cannot
   * be written; then the journal has what is missing.
   */
  close(): Promise<void> {
    const flushed = Promise.resolve().then(() => {
      this.#counts.flush();
      if (!this.isDisplaced) leaveOneFile(this.#db);
    });
    return flushed.finally(() => this.#db.close());
  }

  /** Deletes expired data occasionally. */
  #expire(): void {
    const nowMs = this.#now();
    if (nowMs - this.#expiredAtMs < EXPIRE_EVERY_MS) return;
    this.#expiredAtMs = nowMs;
    this.#counts.flush();
    const forget = this.#db.prepare('DELETE FROM counts WHERE resolution = ? AND start_ms < ?');
    for (const [resolution, { keptMs }] of Object.entries(RESOLUTIONS)) {
      forget.run(resolution, nowMs - keptMs);
    }
    this.#db.prepare('DELETE FROM claims WHERE at_ms < ?').run(nowMs - CLAIM_KEPT_MS);
  }
}

/** @throws StoreFileError naming the file */
function openDatabase(file: string, busyTimeoutMs: number): Database.Database {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    return new Database(file, { timeout: busyTimeoutMs });
  } catch (cause) {
    const { message } = cause as Error;
    throw new StoreFileError(`DATA_DIR/${DATABASE_FILE} cannot be opened: ${message}`, { cause });
  }
}

function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino;
}

/** Closing alone leaves the write-ahead log while statements live, and libsql ends none of them. */
function leaveOneFile(db: Database.Database): void {
  try {
    // Other processes keep the file open for longer than we can wait.
    db.exec('PRAGMA busy_timeout = 0');
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    db.exec('PRAGMA journal_mode = DELETE');
  } catch (error) {
    log.info({ err: error }, 'the database keeps its write-ahead log');
  }
}

function parseRecord(row: unknown): KeyRecord {
  return JSON.parse((row as { record: string }).record) as KeyRecord;
}

/** Adds the last use to records; older records contain it themselves. */
export function withLastUse(
  records: readonly KeyRecord[],
  lastUse: (id: string) => number | undefined,
): KeyRecord[] {
  return records.map((record) => {
    const atMs = lastUse(record.id) ?? record.lastUsedAtMs;
    return atMs === undefined ? record : { ...record, lastUsedAtMs: atMs };
  });
}

export function sortKeys(records: KeyRecord[]): KeyRecord[] {
  return records.sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
}
