/**
 * npm run bench:isolation [-- --rounds 7 --ms 5000]: what worker processes cost beside worker
 * threads, in turns, through the server's own pool. Processor time a picture decides: workers give
 * way to whatever else runs on the machine, so pictures a second depend on that.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { InferencePool } from '../lib/server/inference/pool';
import { availableProcessors, workersFor } from '../lib/server/inference/processors';
import { toWorkerModel } from '../lib/server/inference/worker-model';
import { readModelFolder } from '../lib/server/models/folder';
import { ISOLATIONS, readSettings, type Isolation } from '../lib/server/settings';
import { bundlePoolWorker } from '../scripts/build-assets';
import { describeRatio, ratioOf } from './limit/ratio';
import { makePictures } from './loadtest/pictures';
import { seededRandom } from './loadtest/random';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    ms: { type: 'string', default: '5000' },
  },
});
const MODEL = 'tiny-imagenet-200';
const LANES = 16;
const POLL_MS = 20;
/** Unit of times in proc_pid_stat(5), the same on every Linux that runs Node. */
const TICK_MS = 10;

interface Figures {
  readonly perSecond: number;
  readonly processorMs: number;
}

/** Processor time of this process (all threads) and of its workers so far. */
function processorTimeMs(): number {
  const { user, system } = process.cpuUsage();
  const children = readdirSync('/proc/self/task').flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  );
  const ticks = children.map((pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return (user + system) / 1000 + TICK_MS * ticks.reduce((sum, each) => sum + each, 0);
}

async function measure(pool: InferencePool, pictures: readonly Buffer[]): Promise<Figures> {
  const ms = Number(values.ms);
  const endAtMs = performance.now() + ms;
  const before = processorTimeMs();
  let done = 0;
  const lane = async () => {
    while (performance.now() < endAtMs) {
      const bytes = new Uint8Array(pictures[done++ % pictures.length]!);
      await pool.classify({ modelId: MODEL, bytes }, new AbortController().signal);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { perSecond: (1000 * done) / ms, processorMs: (processorTimeMs() - before) / done };
}

const folder = path.resolve('.build', `isolation-${process.pid}`);
await bundlePoolWorker(folder);
const settings = readSettings({});
const model = toWorkerModel(await readModelFolder(path.join('models', MODEL), MODEL));
const pictures = await makePictures(seededRandom(1));

async function openPool(isolation: Isolation): Promise<InferencePool> {
  const pool = new InferencePool({
    workerFile: path.join(folder, 'inference-worker.cjs'),
    workers: workersFor(availableProcessors()),
    isolation,
    queueLimit: LANES,
    setup: {
      models: [model],
      limits: {
        maxImagePixels: settings.maxImagePixels,
        maxDecodeBytes: settings.maxDecodeBytes,
        timeoutSeconds: settings.decodeTimeoutSeconds,
      },
    },
  });
  await pool.started();
  while (pool.warm < pool.workers) await sleep(POLL_MS);
  return pool;
}

const pools = { process: await openPool('process'), thread: await openPool('thread') };
const figures: Record<Isolation, Figures[]> = { process: [], thread: [] };
// The first round is the warm-up and is not counted.
for (let round = 0; round <= Number(values.rounds); round++) {
  const turns = round % 2 === 0 ? ISOLATIONS : ISOLATIONS.toReversed();
  for (const isolation of turns) {
    const one = await measure(pools[isolation], pictures);
    if (round > 0) figures[isolation].push(one);
  }
}
await Promise.all(ISOLATIONS.map((isolation) => pools[isolation].stop()));
await rm(folder, { recursive: true });

for (const isolation of ISOLATIONS) {
  const each = figures[isolation].map(
    ({ perSecond, processorMs }) =>
      `${processorMs.toFixed(1)} ms (${perSecond.toFixed(0)} a second)`,
  );
  console.info(`${isolation.padEnd(8)} ${each.join(', ')}`);
}
const processorMs = (isolation: Isolation) => figures[isolation].map((one) => one.processorMs);
const ratio = ratioOf(processorMs('thread'), processorMs('process'));
const { text, holds } = describeRatio('processor time a picture: threads / processes', ratio, {
  least: 0.95,
});
console.info(text);
if (!holds) process.exitCode = 1;
