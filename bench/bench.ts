/**
 * npm run bench [-- --only a,c --rounds 8 --quick]: how near the server is to what the machine can
 * do, and how far ahead of the field's own library, in ratios of one run, round by round.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { availableProcessors } from '../lib/server/inference/processors';
import { buildIfStale } from '../scripts/build';
import { startServer } from '../harness/server';
import { startEmptyPage } from './empty-page';
import { measureInBrowser } from './limit/browser/run';
import { startJobProcess, startProgram, type Job, type JobProcess } from './limit/jobs';
import { onOneProcessor } from './limit/pin';
import { describeRatio, ratioOf, type Bound } from './limit/ratio';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});
const only = options.only?.split(',');
/** Warm-up: the engine compiles the server's request code after some thousands of requests. */
const WARMUP_ROUNDS = options.quick ? 1 : 3;
/** Includes the warm-up. */
const ROUNDS = WARMUP_ROUNDS + Number(options.rounds ?? (options.quick ? 1 : 7));
const PHASE_MS = options.quick ? 1_000 : 5_000;
const PICTURES_IN_BROWSER = options.quick ? 10 : 60;
const MODEL = 'tiny-imagenet-200';
const NO_LIMITS = { PREDICT_PER_MINUTE: '0', BATCH_PER_MINUTE: '0', QUEUE_LIMIT: '200' };

const stops: (() => unknown)[] = [];

async function job(program: string, ...args: string[]): Promise<JobProcess> {
  const started = await startJobProcess(`bench/limit/${program}.ts`, args);
  stops.push(started.stop);
  return started;
}

/** A running server, and the processes that send requests to it. */
interface AskedServer {
  readonly load: JobProcess;
  readonly health: JobProcess;
}

const ask = async (url: string): Promise<AskedServer> => ({
  load: await job('http-process', url),
  health: await job('health-process', url),
});

async function startOurs(): Promise<AskedServer> {
  const server = await startServer(NO_LIMITS);
  stops.push(server.stop);
  return ask(server.url);
}

async function startPeer(): Promise<AskedServer> {
  const { first: url, stop } = await startProgram('bench/limit/peer-process.ts', ['models', MODEL]);
  stops.push(stop);
  return ask(url as string);
}

async function startConstant(): Promise<AskedServer> {
  const empty = await startEmptyPage();
  stops.push(() => empty.stop());
  return ask(empty.url);
}

function startLoops(): Promise<JobProcess[]> {
  const folder = path.join('models', MODEL);
  const all = Array.from({ length: availableProcessors() }, () =>
    job('loop-process', folder, MODEL),
  );
  return Promise.all(all);
}

/** Returns a function that starts something on its first call. */
function once<Started>(start: () => Promise<Started>): () => Promise<Started> {
  let started: Promise<Started> | undefined;
  return () => (started ??= start());
}

const ours = once(startOurs);
const peer = once(startPeer);
const constant = once(startConstant);
const pinned = once(() => onOneProcessor(startOurs));
const loops = once(startLoops);

type Kind = NonNullable<Job['kind']>;

const load =
  (server: () => Promise<AskedServer>, kind: Kind, route?: string) => async (): Promise<number> =>
    (await server()).load.run({ ms: PHASE_MS, kind, ...(route && { path: route }) });

const loop = (kind: Kind) => async (): Promise<number> => {
  const each = await Promise.all((await loops()).map((one) => one.run({ ms: PHASE_MS, kind })));
  return each.reduce((sum, perSecond) => sum + perSecond, 0);
};

/** The 99th percentile of the latency of /api/health while new pictures are classified. */
const health = (server: () => Promise<AskedServer>) => async (): Promise<number> => {
  const { load: busy, health: asked } = await server();
  const [, p99Ms] = await Promise.all([
    busy.run({ ms: PHASE_MS, kind: 'new' }),
    asked.run({ ms: PHASE_MS }),
  ]);
  return p99Ms;
};

const PHASES = {
  'plain loop': loop('new'),
  new: load(ours, 'new'),
  'batches of 32': load(ours, 'batch', '/api/predict/batch'),
  cached: load(ours, 'known'),
  constant: load(constant, 'known', '/constant'),
  'on one processor': load(pinned, 'new'),
  'half repeats': load(ours, 'half'),
  'peer, new': load(peer, 'new'),
  'peer, half repeats': load(peer, 'half'),
  'health p99, ms': health(ours),
  'peer, health p99, ms': health(peer),
  '12 megapixels': load(ours, 'large'),
  'plain loop, 12 megapixels': loop('large'),
  'peer, 12 megapixels': load(peer, 'large'),
} as const;

type Phase = keyof typeof PHASES;

interface Comparison {
  readonly section: string;
  readonly what: string;
  readonly of: Phase;
  readonly over: Phase;
  readonly bound?: Bound;
}

const COMPARISONS: readonly Comparison[] = [
  {
    section: 'a',
    what: 'new pictures over HTTP / the same in a plain loop',
    of: 'new',
    over: 'plain loop',
    bound: { least: 0.8 },
  },
  {
    section: 'b',
    what: 'cached pictures / a route that answers a constant',
    of: 'cached',
    over: 'constant',
    bound: { least: 0.6 },
  },
  {
    section: 'c',
    what: 'new pictures / the peer',
    of: 'new',
    over: 'peer, new',
    bound: { least: 1.3 },
  },
  {
    section: 'c',
    what: 'half repeats / the peer',
    of: 'half repeats',
    over: 'peer, half repeats',
    bound: { least: 2 },
  },
  {
    section: 'c',
    what: 'p99 of health under load / the peer',
    of: 'health p99, ms',
    over: 'peer, health p99, ms',
    bound: { most: 0.2 },
  },
  {
    section: 'e',
    what: 'batches of 32 / single pictures over HTTP',
    of: 'batches of 32',
    over: 'new',
    bound: { least: 0.95 },
  },
  { section: 'e', what: 'batches of 32 / a plain loop', of: 'batches of 32', over: 'plain loop' },
  {
    section: 'f',
    what: '12 megapixels over HTTP / a plain loop',
    of: '12 megapixels',
    over: 'plain loop, 12 megapixels',
  },
  {
    section: 'f',
    what: '12 megapixels / the peer',
    of: '12 megapixels',
    over: 'peer, 12 megapixels',
  },
  {
    section: 'g',
    what: 'all processors / one',
    of: 'new',
    over: 'on one processor',
    bound: { least: 0.9 * availableProcessors() },
  },
];

const isWanted = (section: string) => only?.includes(section) ?? true;

async function measure(wanted: ReadonlySet<Phase>): Promise<Map<Phase, number[]>> {
  const samples = new Map<Phase, number[]>([...wanted].map((phase) => [phase, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [phase, each] of samples) {
      const figure = await PHASES[phase]();
      if (round >= WARMUP_ROUNDS) each.push(figure);
    }
  }
  return samples;
}

function print(section: string, what: string, of: number[], over: number[], bound?: Bound): void {
  const { text, holds } = describeRatio(`(${section}) ${what}`, ratioOf(of, over), bound);
  console.info(text);
  if (!holds) process.exitCode = 1;
}

const figures = (each: readonly number[], digits: number) =>
  each.map((figure) => figure.toFixed(digits)).join(' ');

async function onServer(): Promise<void> {
  const wanted = COMPARISONS.filter(({ section }) => isWanted(section));
  if (wanted.length === 0) return;
  const samples = await measure(new Set(wanted.flatMap(({ of, over }) => [of, over])));
  for (const [phase, each] of samples) {
    const unit = phase.endsWith('ms') ? '' : ' a second';
    console.info(`${phase.padEnd(26)} ${figures(each, 0)}${unit}`);
  }
  for (const { section, what, of, over, bound } of wanted) {
    print(section, what, samples.get(of)!, samples.get(over)!, bound);
  }
}

async function inBrowser(): Promise<void> {
  const samples = await measureInBrowser(MODEL, ROUNDS, WARMUP_ROUNDS, PICTURES_IN_BROWSER);
  for (const [phase, each] of Object.entries(samples)) {
    console.info(`in Chromium, ${phase.padEnd(13)} ${figures(each, 2)} ms a picture`);
  }
  const { ours: own, bare, peer: library } = samples;
  print('d', 'pixels to ranking / a bare run', [...own], [...bare], { most: 1.25 });
  print('d', 'pixels to ranking / the peer', [...own], [...library], { most: 1 });
}

await buildIfStale();
try {
  await onServer();
} finally {
  for (const stop of stops.reverse()) await stop();
}
if (isWanted('d')) await inBrowser();
