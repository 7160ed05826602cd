/**
 * npm run bench:soak [-- --minutes N --replicas N]: mixed load on replicas behind nginx for long; do
 * memory, open files and the event loop's delay stay as they are, and does nothing fail?
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { quantile } from '@/lib/shared/numbers/quantile';
import { formatPercent } from '@/lib/shared/numbers/format';
import { buildIfStale } from '../scripts/build';
import { startCluster, type Replica } from '../scripts/cluster/cluster';
import { MixedLoad } from './mixed-load';

const WARMUP_SHARE = 0.2;
const LARGEST_DELAY_MS = 20;
/** Node measures from tick to tick of a timer and counts its 10 ms in: an idle process shows them. */
const SAMPLING_MS = 10;
const LARGEST_GROWTH = 0.1;
const MEBIBYTE = 1024 * 1024;

interface Reading {
  readonly minute: number;
  readonly replica: number;
  readonly residentMebibytes: number;
  readonly openFiles: number;
  readonly delayP99Ms: number;
}

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    replicas: { type: 'string', default: '1' },
  },
});
const minutes = Number(values.minutes);

/** Reading them begins the next minute's delays: each call tells of the time since the last. */
async function read({ url }: Replica, minute: number, replica: number): Promise<Reading> {
  const text = await (await fetch(`${url}/api/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)![1]);
  return {
    minute,
    replica,
    residentMebibytes: value('process_resident_memory_bytes') / MEBIBYTE,
    openFiles: value('process_open_fds'),
    delayP99Ms: value('nodejs_eventloop_lag_p99_seconds') * 1000 - SAMPLING_MS,
  };
}

function describe({ minute, replica, residentMebibytes, openFiles, delayP99Ms }: Reading): string {
  return `minute ${minute}  replica ${replica}  resident ${residentMebibytes.toFixed(0)} MiB  open files ${openFiles}  event-loop delay p99 ${delayP99Ms.toFixed(1)} ms`;
}

/** Of the last third over the first, both by their median. */
function growth(series: readonly number[]): number {
  const third = Math.max(1, Math.floor(series.length / 3));
  return quantile(series.slice(-third), 0.5) / quantile(series.slice(0, third), 0.5) - 1;
}

/** What does not hold, of readings after the warm-up. */
function missed(readings: readonly Reading[], failures: readonly string[]): string[] {
  const replicas = [...new Set(readings.map(({ replica }) => replica))];
  return replicas
    .flatMap((replica) => {
      const own = readings.filter((reading) => reading.replica === replica);
      const slowest = Math.max(...own.map(({ delayP99Ms }) => delayP99Ms));
      const memory = growth(own.map(({ residentMebibytes }) => residentMebibytes));
      const files = growth(own.map(({ openFiles }) => openFiles));
      console.info(
        `replica ${replica}: event-loop delay p99 at most ${slowest.toFixed(1)} ms, memory ${formatPercent(memory)}, open files ${formatPercent(files)} more`,
      );
      return [
        slowest < LARGEST_DELAY_MS ? '' : `replica ${replica}: event-loop delay`,
        memory <= LARGEST_GROWTH ? '' : `replica ${replica}: memory`,
        files <= LARGEST_GROWTH ? '' : `replica ${replica}: open files`,
      ];
    })
    .concat(failures.length === 0 ? '' : `${failures.length} failures, the first: ${failures[0]}`)
    .filter((text) => text !== '');
}

await buildIfStale();
const cluster = await startCluster({
  replicas: Number(values.replicas),
  settings: { PREDICT_PER_MINUTE: '0', BATCH_PER_MINUTE: '0', READ_PER_MINUTE: '0' },
});
try {
  const load = await MixedLoad.start(cluster.url);
  const readings: Reading[] = [];
  for (let minute = 1; minute <= minutes; minute++) {
    await sleep(60_000);
    const now = await Promise.all(cluster.replicas.map((one, i) => read(one, minute, i + 1)));
    for (const reading of now) console.info(describe(reading));
    readings.push(...now);
  }
  await load.stop();
  console.info(`requests by kind ${JSON.stringify(load.counts)}`);
  const warmupMinutes = Math.ceil(minutes * WARMUP_SHARE);
  const wrong = missed(
    readings.filter(({ minute }) => minute > warmupMinutes),
    load.failures,
  );
  console.info(wrong.length === 0 ? 'holds' : `MISSED: ${wrong.join('; ')}`);
  if (wrong.length > 0) process.exitCode = 1;
} finally {
  await cluster.stop();
}
