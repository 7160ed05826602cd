/** Backs up and restores the embedded store's file, whether a server runs or not. */
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import { DATABASE_FILE, MIGRATIONS } from './embedded';
import { StoreFileError } from './failure';

/** How long a copy waits for a process that is writing. */
const BUSY_TIMEOUT_MS = 10_000;
/** Files that SQLite keeps beside an open database. */
const COMPANIONS = ['-wal', '-shm'];

/**
 * Copies the database under DATA_DIR as it is at one moment, while servers write to it.
 *
 * @param target a file that does not exist; it appears only when it is complete
 * @throws StoreFileError naming the file that is missing, damaged or already exists
 */
export function backUp(dataDir: string, target: string): void {
  const file = path.join(dataDir, DATABASE_FILE);
  if (existsSync(target)) throw new StoreFileError(`expected no file at ${target} yet`);
  assertSound(file);
  copyWhole(file, target);
}

/**
 * Puts a backup in the place of the database under DATA_DIR. A server that runs takes it within a
 * second or two; what it counted since the backup is in the file that is kept.
 *
 * @returns where the database of before is kept, if there was one
 * @throws StoreFileError naming the backup, if it is missing, damaged or of a newer version
 */
export function restore(dataDir: string, backup: string, now = new Date()): string | undefined {
  assertSound(backup);
  mkdirSync(dataDir, { recursive: true });
  const file = path.join(dataDir, DATABASE_FILE);
  const incoming = `${file}.restoring-${process.pid}`;
  copyWhole(backup, incoming);
  takeOwnerOf(dataDir, incoming);
  const stamp = now.toISOString().replace(/[:.]/g, '-');
  const kept = existsSync(file) ? keep(file, `${file}.before-restore-${stamp}`) : undefined;
  renameSync(incoming, file);
  return kept;
}

/** @throws StoreFileError naming the file */
function assertSound(file: string): void {
  if (!existsSync(file)) throw new StoreFileError(`expected a database at ${file}, found no file`);
  const mistake = mistakeIn(file);
  if (mistake !== undefined) {
    throw new StoreFileError(`expected a database of Sightline at ${file}: ${mistake}`);
  }
}

function mistakeIn(file: string): string | undefined {
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    const [result] = db.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[];
    if (result?.integrity_check !== 'ok') return `it is damaged (${result?.integrity_check})`;
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as {
      user_version: number;
    };
    if (version === 0) return 'it is the database of something else';
    return version > MIGRATIONS.length ? 'a newer version has written it' : undefined;
  } catch (error) {
    return `it is damaged (${(error as Error).message})`;
  } finally {
    db?.close();
  }
}

/** Renames the copy to its name only when it is complete and on disk. */
function copyWhole(source: string, target: string): void {
  const unfinished = `${target}.unfinished-${process.pid}`;
  const db = new Database(source, { timeout: BUSY_TIMEOUT_MS });
  try {
    db.prepare('VACUUM INTO ?').run(unfinished);
    sync(unfinished);
    renameSync(unfinished, target);
  } catch (cause) {
    rmSync(unfinished, { force: true });
    const { message } = cause as Error;
    throw new StoreFileError(`${source} cannot be copied to ${target}: ${message}`, { cause });
  } finally {
    db.close();
  }
}

function sync(file: string): void {
  const descriptor = openSync(file, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/**
 * If root restores, the file keeps the folder's owner, so that a server that is not root can use
 * it.
 */
function takeOwnerOf(folder: string, file: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(folder);
  chownSync(file, uid, gid);
}

/**
 * The old file stays at its place until the new one takes it in one step: a server that found none
 * would write its own there. Its log goes along, which the new file must not find.
 */
function keep(file: string, kept: string): string {
  try {
    linkSync(file, kept);
  } catch {
    // This file system has no hard links.
    renameSync(file, kept);
  }
  for (const suffix of COMPANIONS) {
    if (existsSync(`${file}${suffix}`)) renameSync(`${file}${suffix}`, `${kept}${suffix}`);
  }
  return kept;
}
