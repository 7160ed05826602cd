import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EmbeddedStore } from './embedded';

const START_MS = 1_700_000_040_000;
const NOW_MS = START_MS + 60_000;

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
  const store = new EmbeddedStore(folder, () => NOW_MS);
  stores.push(store);
  return store;
}

const add = (store: EmbeddedStore, counts: Record<string, number>) =>
  store.addCounts({ id: '', buckets: [{ resolution: 'minute', startMs: START_MS, counts }] });

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

test('a batch is on disk when it was added, and in the table when it is read', async () => {
  const store = open();
  await add(store, { a: 1, 'label:x/1': 2 });
  await add(store, { a: 1 });
  expect(onDisk()).toEqual({ rows: 2, counts: {} });
  expect(await read(store)).toEqual({ a: 2, 'label:x/1': 2 });
  expect(onDisk()).toEqual({ rows: 0, counts: { a: 2, 'label:x/1': 2 } });
});

test('many batches are settled without being read', async () => {
  const store = open();
  for (let i = 0; i < 300; i++) await add(store, { a: 1, [`label:${i % 7}`]: 1 });
  const { rows, counts } = onDisk();
  expect(rows).toBeLessThan(128);
  expect(counts.a).toBe(300 - rows);
  expect(await read(store)).toMatchObject({ a: 300, 'label:0': 43, 'label:6': 42 });
});

test('the next process adds up what one that was killed has noted', async () => {
  await add(open(), { a: 1 });
  await add(open(), { a: 2, b: 1 });
  expect(await read(open())).toEqual({ a: 3, b: 1 });
});

test('what another process has added up is not added again', async () => {
  const [old, fresh] = [open(), open()];
  await add(old, { a: 1 });
  expect(await read(fresh)).toEqual({ a: 1 });
  await add(old, { a: 10 });
  await add(fresh, { a: 100 });
  expect(await read(old)).toEqual({ a: 111 });
  expect(await read(fresh)).toEqual({ a: 111 });
});

test('while another process has the file, counts wait and are not lost', async () => {
  const store = open();
  await add(store, { a: 1 });
  const other = new Database(path.join(folder, 'sightline.db'));
  other.exec('BEGIN IMMEDIATE');
  expect(await read(store)).toBeUndefined();
  other.exec('ROLLBACK');
  other.close();
  expect(await read(store)).toEqual({ a: 1 });
});
