import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EmbeddedStore } from '../store/embedded';
import { StoreGuard } from '../store/guard';
import { History } from './history';
import { WEEK_MS, weekStartMs } from '../iso-week';
import { Recorder } from './recorder';
import { DriftReference } from './reference';

const WEEK = '2026-W46';
const START_MS = weekStartMs(WEEK)!;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let folder: string;
let store: EmbeddedStore;
let guard: StoreGuard;
let nowMs: number;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sightline-reference-'));
  nowMs = START_MS + WEEK_MS + 2 * HOUR_MS;
  store = new EmbeddedStore(folder, () => nowMs);
  guard = new StoreGuard(store);
});

afterEach(async () => {
  guard.stop();
  await store.close();
  await rm(folder, { recursive: true });
});

/** As a process that has just started reads it. */
function read(chosen = WEEK) {
  const now = () => nowMs;
  const history = new History(guard, new Recorder(guard, now), now);
  return new DriftReference(chosen, guard, history, now).read();
}

async function count(startMs: number, counts: Record<string, number>): Promise<void> {
  const buckets = [{ resolution: 'hour', startMs, counts } as const];
  await store.addCounts({ writer: String(startMs), sequence: 1, buckets });
}

const answers = (n: number) => ({ 'label:m/3': n, 'confidence-of:m/9': n });
const weekOf = (n: number) => ({ week: WEEK, sums: new Map(Object.entries(answers(n))) });

describe('the week that drift is measured from', () => {
  test('is from its Monday to its Sunday, answers only', async () => {
    await count(START_MS - HOUR_MS, answers(100));
    await count(START_MS, { ...answers(2), 'n:requests': 9, 'wrong:m/3': 1 });
    await count(START_MS + WEEK_MS - HOUR_MS, answers(3));
    await count(START_MS + WEEK_MS, answers(100));
    expect(await read()).toEqual({ kind: 'week', ...weekOf(5) });
  });

  test('stays when its statistics are forgotten', async () => {
    await count(START_MS, answers(5));
    await read();
    nowMs += 200 * DAY_MS;
    await count(nowMs, {});
    expect(await store.readCounts('hour', START_MS, START_MS + WEEK_MS)).toEqual([]);
    expect(await read()).toEqual({ kind: 'week', ...weekOf(5) });
  });

  test('is not frozen before late counts are in', async () => {
    nowMs = START_MS + WEEK_MS + 1;
    await count(START_MS, answers(5));
    expect(await read()).toMatchObject(weekOf(5));
    await count(START_MS + HOUR_MS, answers(2));
    nowMs += HOUR_MS;
    expect(await read()).toMatchObject(weekOf(7));
    await count(START_MS + 2 * HOUR_MS, answers(1));
    expect(await read()).toMatchObject(weekOf(7));
  });

  test('is missing until it is over, and when it was forgotten before anybody read it', async () => {
    await count(START_MS, answers(5));
    nowMs = START_MS + WEEK_MS - 1;
    expect(await read()).toEqual({ kind: 'missing', week: WEEK, why: 'not-over' });
    nowMs = START_MS + 90 * DAY_MS + 1;
    expect(await read()).toEqual({ kind: 'missing', week: WEEK, why: 'forgotten' });
  });

  test('is missing while the store is unavailable', async () => {
    await count(START_MS, answers(5));
    store.frozenCounts = () => Promise.reject(new Error('unavailable'));
    expect(await read()).toEqual({ kind: 'missing', week: WEEK, why: 'store-unavailable' });
  });

  test('is none where the evaluation was chosen', async () => {
    expect(await read('evaluation')).toEqual({ kind: 'evaluation' });
  });
});
