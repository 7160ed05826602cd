import type Database from 'libsql';

/**
 * Runs `work` in a transaction. libsql's own helper rolls back in vain after SQLite has done so
 * itself (full disk, input or output error), and throws that mistake in place of the cause.
 *
 * @param kind `IMMEDIATE` takes the write lock first; `DEFERRED` reads one state of the file
 * @throws what `work`, or the commit, throws
 */
export function inTransaction<T>(
  db: Database.Database,
  kind: 'IMMEDIATE' | 'DEFERRED',
  work: () => T,
): T {
  db.exec(`BEGIN ${kind}`);
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
