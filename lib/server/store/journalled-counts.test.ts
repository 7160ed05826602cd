import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EmbeddedStore } from './embedded';

const START_MS = 1_700_000_040_000;
const NOW_MS = START_MS + 60_000;
const BUSY_TIMEOUT_MS = 20;

let folder: string;
let stores: EmbeddedStore[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sightline-journal-'));
  stores = [];
});

afterEach(async () => {
  for (const store of stores) await store.close();
  await rm(folder, { recursive: true });
});

/** As another process on the same file has it. */
function open(): EmbeddedStore {
  const store = new EmbeddedStore(folder, () => NOW_MS, BUSY_TIMEOUT_MS);
  stores.push(store);
  return store;
}

const add = async (store: EmbeddedStore, counts: Record<string, number>) =>
  store.addCounts({
    writer: 'test',
    sequence: 1,
    buckets: [{ resolution: 'minute', startMs: START_MS, counts }],
  });

async function read(store: EmbeddedStore): Promise<unknown> {
  const buckets = await store.readCounts('minute', START_MS, NOW_MS);
  return buckets[0]?.counts;
}

/** What is on disk, seen by nobody's store. */
function onDisk() {
  const db = new Database(path.join(folder, 'sightline.db'));
  const { rows } = db.prepare('SELECT count(*) AS rows FROM journal').get() as { rows: number };
  const sums = db.prepare('SELECT field, n FROM counts').all() as { field: string; n: number }[];
  db.close();
  return { rows, counts: Object.fromEntries(sums.map(({ field, n }) => [field, n])) };
}

test('a batch is on disk when it was added, and is read from there', async () => {
  const store = open();
  await add(store, { a: 1, 'label:x/1': 2 });
  await add(store, { a: 1 });
  expect(onDisk()).toEqual({ rows: 2, counts: {} });
  expect(await read(store)).toEqual({ a: 2, 'label:x/1': 2 });
});

test('after so many batches they are added up in the table', async () => {
  const store = open();
  for (let i = 0; i < 300; i++) await add(store, { a: 1, [`label:${i % 7}`]: 1 });
  const { rows, counts } = onDisk();
  expect(rows).toBeLessThanOrEqual(32);
  expect(counts.a).toBe(300 - rows);
  expect(await read(store)).toMatchObject({ a: 300, 'label:0': 43, 'label:6': 42 });
});

test('what others have noted is read, too, and added up when this one is closed', async () => {
  await add(open(), { a: 1 });
  await add(open(), { a: 2, b: 1 });
  const last = open();
  expect(await read(last)).toEqual({ a: 3, b: 1 });
  await last.close();
  stores.pop();
  expect(onDisk()).toEqual({ rows: 0, counts: { a: 3, b: 1 } });
});

test('what another process has added up is not added again', async () => {
  const [old, other] = [open(), open()];
  await add(old, { a: 1 });
  await other.close();
  stores.pop();
  expect(onDisk()).toEqual({ rows: 0, counts: { a: 1 } });
  await add(old, { a: 10 });
  expect(await read(old)).toEqual({ a: 11 });
  await old.close();
  stores.pop();
  expect(onDisk()).toEqual({ rows: 0, counts: { a: 11 } });
});

test('while another process writes, reading does not wait and has everything', async () => {
  const store = open();
  await add(store, { a: 1 });
  const other = new Database(path.join(folder, 'sightline.db'));
  other.exec('BEGIN IMMEDIATE');
  expect(await read(store)).toEqual({ a: 1 });
  await expect(add(store, { a: 1 })).rejects.toMatchObject({ code: 'SQLITE_BUSY' });
  await store.close();
  stores.pop();
  other.exec('ROLLBACK');
  other.close();
  expect(await read(open())).toEqual({ a: 1 });
});

test('a file of the version before gets its journal', async () => {
  await open().close();
  stores.pop();
  const old = new Database(path.join(folder, 'sightline.db'));
  old.exec('DROP TABLE journal; PRAGMA user_version = 2');
  old.close();
  const store = open();
  await add(store, { a: 1 });
  expect(await read(store)).toEqual({ a: 1 });
});
