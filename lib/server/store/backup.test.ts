import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backUp, restore } from './backup';
import { EmbeddedStore } from './embedded';

let folder: string;
let dataDir: string;
let copy: string;
let store: EmbeddedStore;

const record = (id: string) => ({ id, name: id, secretHash: '00', createdAtMs: 1 });

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sightline-backup-'));
  dataDir = path.join(folder, 'data');
  copy = path.join(folder, 'copy.db');
  store = new EmbeddedStore(dataDir);
  await store.saveKey(record('first'));
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

test('a copy has what was there, though the store is open, and nothing that came later', async () => {
  backUp(dataDir, copy);
  await store.saveKey(record('second'));
  const restored = path.join(folder, 'other');
  expect(restore(restored, copy)).toBeUndefined();
  const other = new EmbeddedStore(restored);
  expect((await other.listKeys()).map(({ id }) => id)).toEqual(['first']);
  await other.close();
});

test('what is replaced is kept, whole', async () => {
  backUp(dataDir, copy);
  await store.saveKey(record('second'));
  const kept = restore(dataDir, copy, new Date(0))!;
  expect(path.basename(kept)).toBe('sightline.db.before-restore-1970-01-01T00-00-00-000Z');
  expect(store.isDisplaced).toBe(true);
  const old = new Database(kept);
  expect(old.prepare('SELECT id FROM keys ORDER BY id').all()).toEqual([
    { id: 'first' },
    { id: 'second' },
  ]);
  old.close();
  const now = new EmbeddedStore(dataDir);
  expect((await now.listKeys()).map(({ id }) => id)).toEqual(['first']);
  await now.close();
});

test('a damaged file, one of something else and one of a newer version change nothing', async () => {
  const wrong = path.join(folder, 'wrong.db');
  await writeFile(wrong, 'no database at all '.repeat(500));
  expect(() => restore(dataDir, wrong)).toThrow(`at ${wrong}: it is damaged`);
  await rm(wrong);
  const other = new Database(wrong);
  other.exec('CREATE TABLE songs (id TEXT)');
  expect(() => restore(dataDir, wrong)).toThrow('the database of something else');
  other.exec('PRAGMA user_version = 999');
  expect(() => restore(dataDir, wrong)).toThrow('a newer version has written it');
  other.close();
  expect(() => restore(dataDir, path.join(folder, 'none'))).toThrow('found no file');
  expect((await store.listKeys()).map(({ id }) => id)).toEqual(['first']);
  expect((await readdir(dataDir)).filter((name) => name.includes('restor'))).toEqual([]);
});

test('a damaged database is not backed up, and a file in the way stays as it is', async () => {
  await writeFile(copy, 'mine');
  expect(() => backUp(dataDir, copy)).toThrow(`expected no file at ${copy} yet`);
  expect(await readFile(copy, 'utf8')).toBe('mine');
  const damaged = path.join(folder, 'damaged');
  backUp(dataDir, path.join(folder, 'sound.db'));
  restore(damaged, path.join(folder, 'sound.db'));
  const file = path.join(damaged, 'sightline.db');
  await writeFile(file, 'no database at all '.repeat(500));
  expect(() => backUp(damaged, path.join(folder, 'target'))).toThrow(`at ${file}: it is damaged`);
  expect(await readdir(folder)).not.toContain('target');
});
