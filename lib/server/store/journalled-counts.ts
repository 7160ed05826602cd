import { randomUUID } from 'node:crypto';
import type Database from 'libsql';
import { log } from '../log';
import type { CountedBucket, Counts, Resolution } from './port';
import { inTransaction } from './transaction';

/** The journal's table; EmbeddedStore creates it. */
export const JOURNAL_TABLE = `CREATE TABLE journal (owner TEXT NOT NULL, buckets TEXT NOT NULL);`;

/** Few, so that a flush does not block the event loop for long. */
const FLUSH_AFTER_BATCHES = 32;

type Sum = Omit<CountedBucket, 'counts'> & { readonly counts: Record<string, number> };

/**
 * Counts on their way into the table `counts`. Each batch is one row of a journal first, which
 * costs less than adding up its fields on disk (bench/README.md); in memory they are added up, and
 * go into the table together. Should this process be killed, another adds up what it finds in the
 * journal.
 */
export class JournalledCounts {
  readonly #owner = randomUUID();
  readonly #note: Database.Statement;
  readonly #findNoted: Database.Statement;
  readonly #flush: () => void;
  #sums = new Map<string, Sum>();
  #noted = 0;
  #flushAt = FLUSH_AFTER_BATCHES;

  constructor(db: Database.Database) {
    this.#note = db.prepare('INSERT INTO journal VALUES (?, ?)');
    this.#findNoted = db.prepare('SELECT buckets FROM journal');
    // WHERE, because ON CONFLICT would be read as a join's condition without it.
    const addUp = (from: string) => `
      INSERT INTO counts
      SELECT bucket.value ->> 'resolution', bucket.value ->> 'startMs', count.key, total(count.value)
      FROM ${from} AS bucket, json_each(bucket.value, '$.counts') AS count
      WHERE true GROUP BY 1, 2, 3
      ON CONFLICT (resolution, start_ms, field) DO UPDATE SET n = n + excluded.n`;
    const add = db.prepare(addUp('json_each(?)'));
    const addRest = db.prepare(addUp('journal, json_each(journal.buckets)'));
    const forgetOwn = db.prepare('DELETE FROM journal WHERE owner = ?');
    const forgetRest = db.prepare('DELETE FROM journal');
    const countOwn = db.prepare('SELECT count(*) AS rows FROM journal WHERE owner = ?');
    const findRest = db.prepare('SELECT 1 FROM journal LIMIT 1');
    const addUpJournal = () => {
      const { rows } = countOwn.get(this.#owner) as { rows: number };
      // Fewer, if another process on this file has taken ours for those of a dead one.
      if (rows === this.#noted && rows > 0) {
        add.run(JSON.stringify([...this.#sums.values()]));
        forgetOwn.run(this.#owner);
      }
      if (findRest.get() === undefined) return;
      addRest.run();
      forgetRest.run();
    };
    this.#flush = () => inTransaction(db, 'IMMEDIATE', addUpJournal);
  }

  /**
   * When it returns, the counts survive the end of this process.
   *
   * @throws Error if it cannot be written; nothing was added then
   */
  add(buckets: readonly CountedBucket[]): void {
    if (this.#noted >= this.#flushAt) this.flush();
    this.#note.run(this.#owner, JSON.stringify(buckets));
    this.#noted++;
    for (const { resolution, startMs, counts } of buckets) {
      const key = `${resolution}:${startMs}`;
      const sum: Sum = this.#sums.get(key) ?? { resolution, startMs, counts: {} };
      this.#sums.set(key, sum);
      addCounts(sum.counts, counts);
    }
  }

  /**
   * Adds the journal to the table, with rows that ended processes left. If another process holds
   * the file for long, a later flush does it.
   *
   * @throws Error if it cannot be written
   */
  flush(): void {
    try {
      this.#flush();
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
      log.warn({ err: error }, 'counts stay in the journal for now');
      this.#flushAt = this.#noted + FLUSH_AFTER_BATCHES;
      return;
    }
    this.#sums = new Map();
    this.#noted = 0;
    this.#flushAt = FLUSH_AFTER_BATCHES;
  }

  /**
   * Counts of every process's journal that are not in the table yet, by the starts of the buckets
   * that begin in [fromMs, toMs).
   */
  noted(resolution: Resolution, fromMs: number, toMs: number): Map<number, Record<string, number>> {
    const found = new Map<number, Record<string, number>>();
    for (const row of this.#findNoted.all() as { buckets: string }[]) {
      for (const bucket of JSON.parse(row.buckets) as CountedBucket[]) {
        const { startMs, counts } = bucket;
        if (bucket.resolution !== resolution || startMs < fromMs || startMs >= toMs) continue;
        const sum = found.get(startMs) ?? {};
        found.set(startMs, sum);
        addCounts(sum, counts);
      }
    }
    return found;
  }
}

/** Adds counts to `sums`. */
export function addCounts(sums: Record<string, number>, counts: Counts): void {
  for (const field in counts) sums[field] = (sums[field] ?? 0) + counts[field]!;
}
