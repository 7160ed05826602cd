import { describe, expect, test, vi } from 'vitest';
import { StoreGuard } from '../store/guard';
import type { CountBatch, CountedBucket, Store } from '../store/port';
import { answeredFields, rankedFields } from './fields';
import { latencyBucket, percentileMs } from './histogram';
import { History } from './history';
import { Recorder } from './recorder';
import { availability } from './uptime';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

function histogram(samplesMs: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const ms of samplesMs) {
    const bucket = latencyBucket(ms);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  return counts;
}

describe('the latency histogram', () => {
  const samples = Array.from({ length: 1000 }, (_, i) => 0.5 + i * 1.7);

  test.each([0.5, 0.9, 0.95, 0.99])(
    'gives the share %d within 5 %% of the exact value',
    (share) => {
      const exact = samples[Math.ceil(share * samples.length) - 1]!;
      expect(Math.abs(percentileMs(histogram(samples), share) / exact - 1)).toBeLessThan(0.051);
    },
  );

  test('has a bucket for every latency, and gives 0 without latencies', () => {
    expect(latencyBucket(0)).toBe(0);
    expect(latencyBucket(NaN)).toBe(0);
    expect(latencyBucket(1e9)).toBe(140);
    expect(percentileMs(new Map(), 0.5)).toBe(0);
  });
});

describe('fields', () => {
  const answered = { route: 'predict', latencyMs: 12, details: [] };

  test.each([
    [429, 'n:limited'],
    [503, 'n:shed'],
    [415, 'n:refused'],
    [404, 'n:refused'],
    [500, 'n:failed'],
  ])('status %d counts as %s', (status, field) => {
    const fields = answeredFields({ ...answered, status });
    expect(fields).toContain(field);
    expect(fields).toContain('n:requests');
  });

  test('does not count requests for statistics and charts', () => {
    expect(answeredFields({ ...answered, status: 200, isRead: true })).toEqual(['n:reads']);
  });

  test('only predictions have a latency', () => {
    const isLatency = (field: string) => field.startsWith('latency:');
    expect(answeredFields({ ...answered, status: 200 }).some(isLatency)).toBe(false);
    const predicted = { ...answered, status: 200, details: ['n:predictions'] };
    expect(answeredFields(predicted).some(isLatency)).toBe(true);
  });

  test('a certain answer falls into the last bucket of confidence', () => {
    const ranked = { modelId: 'm', index: 3, source: 'server' } as const;
    expect(rankedFields({ ...ranked, score: 1 })).toContain('confidence:9');
    expect(rankedFields({ ...ranked, score: 0.05 })).toContain('confidence:0');
    expect(rankedFields({ ...ranked, score: 0.5 })).toContain('label:m/3');
  });

  test('each selected label of a multi-label head is counted', () => {
    const ranked = { modelId: 'm', index: 3, score: 0.9, source: 'server' } as const;
    const labelsOf = (labels: readonly number[]) =>
      rankedFields({ ...ranked, labels }).filter((field) => field.startsWith('label:'));
    expect(labelsOf([3, 5])).toEqual(['label:m/3', 'label:m/5']);
    expect(labelsOf([])).toEqual([]);
  });
});

describe('availability', () => {
  const startMs = 1000 * HOUR_MS;
  const hour = (offset: number, minutes: readonly number[]): CountedBucket => ({
    resolution: 'hour',
    startMs: startMs + offset * HOUR_MS,
    counts: Object.fromEntries(minutes.map((minute) => [`up:${minute}`, 4])),
  });
  const minutes = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => from + i);

  test('is the share of minutes with a heartbeat since the first', () => {
    const hours = [hour(0, minutes(30, 60)), hour(1, minutes(0, 15))];
    const nowMs = startMs + HOUR_MS + 30 * MINUTE_MS;
    expect(availability(hours, startMs, nowMs)).toBe(45 / 60);
    expect(availability(hours, nowMs - 15 * MINUTE_MS, nowMs)).toBe(0);
  });

  test('is 1 in the first minute, and 0 without a heartbeat', () => {
    expect(availability([hour(0, [0])], startMs - HOUR_MS, startMs + 20_000)).toBe(1);
    expect(availability([], startMs, startMs + HOUR_MS)).toBe(0);
  });
});

/** A store that only counts, and fails when told to. */
function countingStore(kind: Store['kind']) {
  const batches: CountBatch[] = [];
  let fails = 0;
  const readCounts = vi.fn(() => Promise.resolve([]));
  const store = {
    kind,
    addCounts: (batch: CountBatch) => {
      batches.push(batch);
      return fails-- > 0 ? Promise.reject(new Error('unavailable')) : Promise.resolve();
    },
    readCounts,
    ping: () => Promise.resolve(),
  } as unknown as Store;
  return { store, batches, readCounts, failNext: (times: number) => (fails = times) };
}

describe('the recorder', () => {
  test('counts in the embedded store before the answer leaves, several answers in one transaction', async () => {
    const { store, batches } = countingStore('embedded');
    const recorder = new Recorder(new StoreGuard(store), () => 0);
    await Promise.all([recorder.record(['a']), recorder.record(['a', 'b'])]);
    expect(batches).toHaveLength(1);
    expect(batches[0]!.buckets.map(({ resolution, counts }) => [resolution, counts])).toEqual([
      ['minute', { a: 2, b: 1 }],
      ['hour', { a: 2, b: 1 }],
    ]);
  });

  test('sends a batch without an answer again under the same number, then newer counts', async () => {
    const { store, batches, failNext } = countingStore('redis');
    const recorder = new Recorder(new StoreGuard(store), () => 0);
    failNext(1);
    await recorder.record(['first']);
    await recorder.flush();
    await recorder.record(['second']);
    await recorder.stop();
    expect(batches.map(({ sequence }) => sequence)).toEqual([1, 1, 2]);
    expect(new Set(batches.map(({ writer }) => writer)).size).toBe(1);
    expect(batches[1]).toEqual(batches[0]);
    expect(batches[2]!.buckets[0]!.counts).toEqual({ second: 1 });
  });
});

test('history reads an ended bucket once and the current one each time', async () => {
  const { store, readCounts } = countingStore('redis');
  const guard = new StoreGuard(store);
  const recorder = new Recorder(guard, () => 0);
  const nowMs = 1000 * HOUR_MS + 30 * MINUTE_MS;
  const history = new History(guard, recorder, () => nowMs);
  const { buckets, fromMs } = await history.window('24h');
  expect(buckets).toHaveLength(24);
  expect(fromMs).toBe(977 * HOUR_MS);
  await history.window('24h');
  expect(readCounts).toHaveBeenNthCalledWith(1, 'hour', 977 * HOUR_MS, 1001 * HOUR_MS);
  expect(readCounts).toHaveBeenNthCalledWith(2, 'hour', 1000 * HOUR_MS, 1001 * HOUR_MS);

  readCounts.mockRejectedValueOnce(new Error('unavailable'));
  const partial = await history.window('24h');
  expect([partial.isPartial, partial.buckets.length]).toEqual([true, 24]);
  expect((await history.window('24h')).isPartial).toBe(false);
  await recorder.stop();
});

test('history of a span that is over ends at a whole bucket and has all of its counts', async () => {
  const { store, readCounts } = countingStore('redis');
  const recorder = new Recorder(new StoreGuard(store), () => 0);
  const history = new History(new StoreGuard(store), recorder, () => 1000 * HOUR_MS);
  const past = await history.window('24h', 900 * HOUR_MS + 30 * MINUTE_MS);
  expect([past.isPast, past.fromMs, past.toMs]).toEqual([true, 876 * HOUR_MS, 900 * HOUR_MS]);
  expect(past.buckets).toHaveLength(24);
  expect(readCounts).toHaveBeenCalledWith('hour', 876 * HOUR_MS, 900 * HOUR_MS);
  await recorder.stop();
});
