import { randomUUID } from 'node:crypto';
import type Database from 'libsql';
import { log } from '../log';
import type { CountedBucket } from './port';

/** What belongs to the tables of EmbeddedStore. */
export const JOURNAL_TABLE = `CREATE TABLE journal (owner TEXT NOT NULL, buckets TEXT NOT NULL);`;

/** So that settling blocks the event loop for a few milliseconds at the most. */
const SETTLE_AFTER = 128;

type Sum = Omit<CountedBucket, 'counts'> & { readonly counts: Record<string, number> };

/**
 * Counts on their way into the table `counts`. Each batch is one row of a journal first, which costs
 * a quarter of what adding its fields up on disk does; they are added up in memory and go into the
 * table together. Should this process be killed, the next one adds up what it finds in the journal.
 */
export class JournalledCounts {
  readonly #owner = randomUUID();
  readonly #note: Database.Statement;
  readonly #settleOnDisk: () => void;
  #sums = new Map<string, Sum>();
  #noted = 0;

  constructor(db: Database.Database) {
    this.#note = db.prepare('INSERT INTO journal VALUES (?, ?)');
    // WHERE, because ON CONFLICT would be read as a join's condition without it.
    const addUp = (from: string) => `
      INSERT INTO counts
      SELECT bucket.value ->> 'resolution', bucket.value ->> 'startMs', count.key, sum(count.value)
      FROM ${from} AS bucket, json_each(bucket.value, '$.counts') AS count
      WHERE true GROUP BY 1, 2, 3
      ON CONFLICT (resolution, start_ms, field) DO UPDATE SET n = n + excluded.n`;
    const add = db.prepare(addUp('json_each(?)'));
    const addRest = db.prepare(addUp('journal, json_each(journal.buckets)'));
    const forgetOwn = db.prepare('DELETE FROM journal WHERE owner = ?');
    const forgetRest = db.prepare('DELETE FROM journal');
    const countOwn = db.prepare('SELECT count(*) AS rows FROM journal WHERE owner = ?');
    const findRest = db.prepare('SELECT 1 FROM journal LIMIT 1');
    const settle = db.transaction(() => {
      const { rows } = countOwn.get(this.#owner) as { rows: number };
      // Fewer, if another process on this file has taken ours for those of a dead one.
      if (rows === this.#noted && rows > 0) {
        add.run(JSON.stringify([...this.#sums.values()]));
        forgetOwn.run(this.#owner);
      }
      if (findRest.get() === undefined) return;
      addRest.run();
      forgetRest.run();
    });
    this.#settleOnDisk = () => settle.immediate();
  }

  /** Safe from the end of this process when it returns. @throws Error if it cannot be written */
  add(buckets: readonly CountedBucket[]): void {
    this.#note.run(this.#owner, JSON.stringify(buckets));
    this.#noted++;
    for (const { resolution, startMs, counts } of buckets) {
      const key = `${resolution}:${startMs}`;
      const sum: Sum = this.#sums.get(key) ?? { resolution, startMs, counts: {} };
      this.#sums.set(key, sum);
      for (const field in counts) sum.counts[field] = (sum.counts[field] ?? 0) + counts[field]!;
    }
    // Not with each one from then on, should it fail: it may have waited for another process.
    if (this.#noted % SETTLE_AFTER === 0) this.settle();
  }

  /**
   * Brings the table up to date, with what others have left behind, too. Where that cannot be done
   * now (another process has the file, the disk is full), it is left for later: the journal is safe.
   */
  settle(): void {
    try {
      this.#settleOnDisk();
      this.#sums = new Map();
      this.#noted = 0;
    } catch (error) {
      log.warn({ err: error }, 'counts stay in the journal for now');
    }
  }
}
