/** Writes a plausible week of statistics into a store. Only its end differs from run to run. */
import { readSettings } from '../lib/server/settings';
import { latencyBucket } from '../lib/server/statistics/histogram';
import { openStore } from '../lib/server/store/open';
import { bucketStart, RESOLUTIONS, type Resolution } from '../lib/server/store/port';

const CLASSES = 200;
/** Class indices by frequency: some classes occur far more often than others. */
const LABEL_RANKS = [193, 35, 44, 12, 101, 76, 150, 8, 61, 120, 33, 170, 90, 5, 142, 66, 18, 111];
/** Share of answers in each tenth of the score. */
const CONFIDENCE = [0.01, 0.04, 0.07, 0.08, 0.09, 0.09, 0.1, 0.11, 0.14, 0.27];
/** Hours before now without any request. */
const OUTAGE_HOURS = [49, 50, 51];
const OUTAGE_MINUTES = [22, 23, 24, 25];

/**
 * Writes hourly counts of a week, and counts per minute of the last hour.
 *
 * @param nowMs end of the week, in milliseconds since the epoch
 */
export async function seedWeek(dataDir: string, nowMs: number): Promise<void> {
  const store = await openStore(readSettings({ DATA_DIR: dataDir }));
  for (const [resolution, length, outage] of [
    ['hour', 168, OUTAGE_HOURS],
    ['minute', 60, OUTAGE_MINUTES],
  ] as const) {
    const last = bucketStart(resolution, nowMs);
    for (let back = 0; back < length; back++) {
      if ((outage as readonly number[]).includes(back)) continue;
      const startMs = last - back * RESOLUTIONS[resolution].bucketMs;
      const counts = countsOf(resolution, startMs, back);
      await store.addCounts({
        writer: `week-${resolution}-${back}`,
        sequence: 1,
        buckets: [{ resolution, startMs, counts }],
      });
    }
  }
  await store.close();
}

function countsOf(resolution: Resolution, startMs: number, back: number): Record<string, number> {
  const day = new Date(startMs);
  const hour = day.getHours() + day.getMinutes() / 60;
  const isWeekend = day.getDay() % 6 === 0;
  // Busiest in the afternoon, and different on each day.
  const daily = 0.25 + 0.75 * Math.max(0, Math.sin(((hour - 6) / 18) * Math.PI));
  const uneven = 0.85 + 0.3 * wave(back);
  const requests = Math.round(
    (resolution === 'hour' ? 2400 : 40) * daily * uneven * (isWeekend ? 0.5 : 1),
  );
  const isBusy = back % 23 === 5;
  const limited = isBusy ? Math.round(requests * 0.12) : 0;
  const shed = isBusy ? Math.round(requests * 0.03) : 0;
  const failed = Math.round(requests * 0.015);
  const answered = requests - limited - shed - failed;
  const device = limited + shed + Math.round(answered * 0.06);
  const counts: Record<string, number> = {
    'n:requests': requests,
    'n:predictions': answered,
    'n:images': answered + device,
    'n:limited': limited,
    'n:shed': shed,
    'n:failed': failed,
    'source:server': answered,
    'source:browser': device,
    'cache:memory': Math.round(answered * (0.25 + 0.2 * daily)),
    'cache:miss': answered - Math.round(answered * (0.25 + 0.2 * daily)),
    'certainty:uncertain': Math.round(answered * (0.12 + 0.05 * wave(back + 3))),
    'certainty:certain': Math.round(answered * 0.84),
    'feedback:right': Math.round(answered / 90),
    'feedback:wrong': Math.round(answered / 400),
  };
  spreadLatencies(counts, answered, isBusy ? 2.4 : 0.9 + 0.3 * wave(back + 7));
  CONFIDENCE.forEach((share, i) => (counts[`confidence:${i}`] = Math.round(answered * share)));
  CONFIDENCE.forEach((share, i) => {
    counts[`confidence-of:tiny-imagenet-200/${i}`] = Math.round(answered * share);
  });
  for (let i = 0; i < CLASSES; i++) {
    const rank = LABEL_RANKS.indexOf(i);
    const share = rank < 0 ? 0.0018 : 0.09 / (rank + 1) + 0.01;
    counts[`label:tiny-imagenet-200/${i}`] = Math.round((answered + device) * share);
  }
  for (const [rank, index] of [35, 12, 8, 61, 44].entries()) {
    counts[`wrong:tiny-imagenet-200/${index}`] = Math.round(answered / (900 * (rank + 1)));
  }
  for (const [field, n] of Object.entries(counts)) if (n === 0) delete counts[field];
  return counts;
}

/** Spreads latencies: most answers take about 12 ms, a few much longer. */
function spreadLatencies(counts: Record<string, number>, answered: number, factor: number): void {
  for (const [ms, share] of [
    [6, 0.2],
    [9, 0.25],
    [12, 0.25],
    [17, 0.16],
    [26, 0.08],
    [48, 0.04],
    [120, 0.02],
  ] as const) {
    const field = `latency:${latencyBucket(ms * factor)}`;
    counts[field] = (counts[field] ?? 0) + Math.round(answered * share);
  }
}

/** A pseudo-random number between 0 and 1, without a visible pattern. */
function wave(i: number): number {
  const value = Math.sin(i * 12.9898) * 43758.5453;
  return value - Math.floor(value);
}
