/** Drift from a week that was chosen, on each store: charts, metric, and what is kept of the week. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { visualizationsResponseSchema } from '@/lib/shared/contract/statistics';
import { readSettings } from '@/lib/server/settings';
import { weekStartMs, WEEK_MS } from '@/lib/server/iso-week';
import { openStore } from '@/lib/server/store/open';
import { bucketStart, type Counts, type Store } from '@/lib/server/store/port';
import { metricsText, metricValue } from '../metrics';
import { startRedis, type TestRedis } from '../../harness/redis';
import { startServer } from '../../harness/server';

const MODEL = 'tiny-imagenet-200';
const YEAR = new Date().getUTCFullYear();

/** A week that is over, and of which nothing is forgotten yet. */
const { week, startMs } = [YEAR - 1, YEAR]
  .flatMap((year) =>
    Array.from({ length: 53 }, (_, i) => `${year}-W${String(i + 1).padStart(2, '0')}`),
  )
  .map((name) => ({ week: name, startMs: weekStartMs(name) ?? Infinity }))
  .findLast(({ startMs: beginMs }) => beginMs + 2 * WEEK_MS < Date.now())!;

let redis: TestRedis;
let dataDir: string;

beforeAll(async () => {
  redis = await startRedis();
  dataDir = await mkdtemp(path.join(tmpdir(), 'sightline-drift-'));
});

afterAll(async () => {
  await redis.stop();
  await rm(dataDir, { recursive: true });
});

/** So many answers, one half of each of two labels. */
function answers(n: number, labels: readonly [number, number], tenth: number): Counts {
  const half = n / 2;
  return {
    [`label:${MODEL}/${labels[0]}`]: half,
    [`label:${MODEL}/${labels[1]}`]: half,
    [`confidence-of:${MODEL}/${tenth}`]: n,
  };
}

async function count(store: Store, atMs: number, counts: Counts): Promise<void> {
  const buckets = [{ resolution: 'hour', startMs: bucketStart('hour', atMs), counts } as const];
  await store.addCounts({ writer: `drift-${atMs}`, sequence: 1, buckets });
}

describe.each(['embedded', 'redis'] as const)('on the %s store', (kind) => {
  test('answers are measured from the week, which is kept', async () => {
    const settings = {
      DRIFT_BASELINE: week,
      DATA_DIR: dataDir,
      ...(kind === 'redis' ? { REDIS_URL: redis.url } : {}),
    };
    const store = await openStore(readSettings(settings));
    // Labels as in that week, and less sure of them.
    const inWeek = answers(400, [3, 150], 9);
    await count(store, startMs + WEEK_MS / 2, { ...inWeek, 'n:requests': 400 });
    await count(store, Date.now(), answers(300, [3, 150], 4));
    const server = await startServer(settings);

    onTestFinished(async () => {
      await server.stop();
      await store.close();
    });

    const response = await fetch(`${server.url}/api/visualizations?window=24h`);
    const { charts } = visualizationsResponseSchema.parse(await response.json());
    const drift = charts.find(({ id }) => id === 'drift')!;
    const metrics = await metricsText(server.url);
    const kept = await store.frozenCounts(`drift:${week}`);

    expect(drift.title).toMatch(
      new RegExp(
        `^Answers lie unlike those of week ${week}: PSI \\d+\\.\\d\\d by confidence, 0\\.00 by label`,
      ),
    );
    expect(drift.series.map(({ label }) => label)).toEqual(['Now', `Week ${week}`]);
    expect(drift.series[1]!.points.at(-1)).toEqual(['90–100 %', 1]);
    const labels = `model="${MODEL}",baseline="${week}"`;
    expect(metricValue(metrics, `sightline_drift_psi{${labels},of="confidence"}`)).toBeGreaterThan(
      0.25,
    );
    expect(metricValue(metrics, `sightline_drift_psi{${labels},of="label"}`)).toBeLessThan(0.1);
    expect(metrics).not.toContain('baseline="evaluation"');
    expect(kept).toEqual(inWeek);
  });
});

test('a week without enough answers says so', async () => {
  const server = await startServer({ DRIFT_BASELINE: week });
  onTestFinished(() => server.stop());
  const response = await fetch(`${server.url}/api/visualizations?window=24h`);
  const { charts } = visualizationsResponseSchema.parse(await response.json());
  const metrics = await metricsText(server.url);
  expect(charts.find(({ id }) => id === 'drift')!.title).toBe(
    `Too few answers of week ${week} to tell drift: 0 of 200`,
  );
  expect(metrics).toMatch(new RegExp(`baseline="${week}",of="label"} nan`, 'i'));
});
