/**
 * npm run bench:limit [-- --quick]: how near the server is to what the machine can do, in ratios of
 * one run, round by round.
 */
import path from 'node:path';
import { availableProcessors } from '../lib/server/inference/processors';
import { buildIfStale } from '../scripts/build';
import { startServer } from '../tests/server';
import { startEmptyPage } from './empty-page';
import { startJobProcess, type JobProcess } from './limit/jobs';
import { onOneProcessor } from './limit/pin';
import { describeRatio, ratioOf } from './limit/ratio';

const isQuick = process.argv.includes('--quick');
const ROUNDS = isQuick ? 2 : 8;
const WARMUP_ROUNDS = 1;
const PHASE_MS = isQuick ? 1_000 : 5_000;
const MODEL = 'tiny-imagenet-200';
const NO_LIMITS = { PREDICT_PER_MINUTE: '0', BATCH_PER_MINUTE: '0', QUEUE_LIMIT: '200' };

type Phase = 'loop' | 'new' | 'batch' | 'known' | 'constant' | 'pinned';

const stops: (() => unknown)[] = [];

async function job(program: string, ...args: string[]): Promise<JobProcess> {
  const started = await startJobProcess(program, args);
  stops.push(started.stop);
  return started;
}

/** A server, and a process that asks it. */
async function served(): Promise<JobProcess> {
  const server = await startServer(NO_LIMITS);
  stops.push(server.stop);
  return job('bench/limit/http-process.ts', server.url);
}

async function startPhases(): Promise<Record<Phase, () => Promise<number>>> {
  const empty = await startEmptyPage();
  stops.push(() => empty.stop());
  const constant = await job('bench/limit/http-process.ts', empty.url);
  const folder = path.join('models', MODEL);
  const loops = await Promise.all(
    Array.from({ length: availableProcessors() }, () =>
      job('bench/limit/loop-process.ts', folder, MODEL),
    ),
  );
  const ours = await served();
  const pinned = await onOneProcessor(served);
  const ms = PHASE_MS;
  return {
    loop: async () => {
      const each = await Promise.all(loops.map((loop) => loop.run({ ms })));
      return each.reduce((sum, perSecond) => sum + perSecond, 0);
    },
    new: () => ours.run({ ms, kind: 'new' }),
    batch: () => ours.run({ ms, kind: 'batch', path: '/api/predict/batch' }),
    known: () => ours.run({ ms, kind: 'known' }),
    constant: () => constant.run({ ms, kind: 'known', path: '/constant' }),
    pinned: () => pinned.run({ ms, kind: 'new' }),
  };
}

async function measure(phases: Awaited<ReturnType<typeof startPhases>>) {
  const samples: Record<Phase, number[]> = {
    loop: [],
    new: [],
    batch: [],
    known: [],
    constant: [],
    pinned: [],
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (const phase of Object.keys(samples) as Phase[]) {
      const perSecond = await phases[phase]();
      if (round >= WARMUP_ROUNDS) samples[phase].push(perSecond);
    }
  }
  return samples;
}

await buildIfStale();
try {
  const samples = await measure(await startPhases());
  for (const [phase, each] of Object.entries(samples)) {
    console.info(`${phase.padEnd(9)} ${each.map((value) => value.toFixed(0)).join(' ')} a second`);
  }
  for (const [what, of, over, minimum] of [
    ['(a) new pictures over HTTP / the same in a plain loop', 'new', 'loop', 0.8],
    ['(b) cached pictures / a route that answers a constant', 'known', 'constant', 0.6],
    ['(e) batches of 32 / single pictures over HTTP', 'batch', 'new', 0.95],
    ['(e) batches of 32 / the same in a plain loop', 'batch', 'loop', undefined],
    ['(g) all processors / one', 'new', 'pinned', 0.9 * availableProcessors()],
  ] as const) {
    const { text, holds } = describeRatio(what, ratioOf(samples[of], samples[over]), minimum);
    console.info(text);
    if (!holds) process.exitCode = 1;
  }
} finally {
  for (const stop of stops.reverse()) await stop();
}
