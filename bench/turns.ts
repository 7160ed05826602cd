/**
 * npm run bench:turns -- --before FOLDER [--rounds 12] [--seconds 4]: this build and the build of
 * another work tree, in turns: new and cached pictures a second, and the main thread's milliseconds
 * a picture. Both must be built. Linux only: /proc says what one thread has used.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { quantile } from '@/lib/shared/numbers/quantile';
import { startJobProcess, type Job, type JobProcess } from './limit/jobs';
import { describeRatio, ratioOf, type Bound } from './limit/ratio';

const { values } = parseArgs({
  options: {
    before: { type: 'string' },
    rounds: { type: 'string', default: '12' },
    seconds: { type: 'string', default: '4' },
  },
});
if (values.before === undefined) {
  throw new Error('--before FOLDER: expected the work tree of the other build');
}

const WARMUP_ROUNDS = 3;
const ROUNDS = WARMUP_ROUNDS + Number(values.rounds);
const PHASE_MS = 1000 * Number(values.seconds);
/** What proc_pid_stat(5) counts in, on every Linux that Node runs on. */
const TICK_MS = 10;

type Kind = NonNullable<Job['kind']>;

const KINDS: readonly { readonly kind: Kind; readonly what: string }[] = [
  { kind: 'new', what: 'new pictures' },
  { kind: 'known', what: 'cached pictures' },
];

interface Build {
  readonly pid: number;
  readonly load: JobProcess;
  readonly server: ChildProcess;
}

interface Figures {
  readonly perSecond: number;
  readonly mainThreadMs: number;
}

async function start(folder: string): Promise<Build> {
  const program = path.resolve('bench/limit/build-process.ts');
  const server = fork(program, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(server, 'exit').then(() => {
    throw new Error(`the build in ${folder} did not start`);
  });
  ended.catch(() => undefined);
  const message = await Promise.race([once(server, 'message'), ended]);
  const [{ url, pid }] = message as [{ url: string; pid: number }];
  return { pid, server, load: await startJobProcess('bench/limit/http-process.ts', [url]) };
}

/** Of the main thread alone, since the process started. */
async function mainThreadMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/task/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return TICK_MS * (Number(fields[11]) + Number(fields[12]));
}

async function measure({ pid, load }: Build, kind: Kind): Promise<Figures> {
  const usedMs = await mainThreadMs(pid);
  const perSecond = await load.run({ ms: PHASE_MS, kind });
  const pictures = (perSecond * PHASE_MS) / 1000;
  return { perSecond, mainThreadMs: ((await mainThreadMs(pid)) - usedMs) / pictures };
}

interface Rounds {
  readonly before: Figures[];
  readonly now: Figures[];
}

async function measureInTurns(before: Build, now: Build, kind: Kind): Promise<Rounds> {
  const rounds: Rounds = { before: [], now: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const turns = [
      { build: before, figures: rounds.before },
      { build: now, figures: rounds.now },
    ];
    // The second of a pair finds another machine than the first: they change places.
    for (const { build, figures } of round % 2 === 0 ? turns : turns.reverse()) {
      const one = await measure(build, kind);
      if (round >= WARMUP_ROUNDS) figures.push(one);
    }
  }
  return rounds;
}

function print(what: string, { before, now }: Rounds, field: keyof Figures, bound: Bound): void {
  const of = (figures: readonly Figures[]) => figures.map((one) => one[field]);
  const median = (figures: readonly Figures[]) => quantile(of(figures), 0.5).toFixed(2);
  const { text, holds } = describeRatio(what, ratioOf(of(now), of(before)), bound);
  console.info(`${text}; medians ${median(before)} before, ${median(now)} now`);
  if (!holds) process.exitCode = 1;
}

const before = await start(path.resolve(values.before));
const now = await start('.');
for (const { kind, what } of KINDS) {
  const rounds = await measureInTurns(before, now, kind);
  print(`${what} a second, now / before`, rounds, 'perSecond', { least: 0.98 });
  print(`main thread, ms for each of ${what}, now / before`, rounds, 'mainThreadMs', { most: 1 });
}
for (const { load, server } of [before, now]) {
  load.stop();
  server.disconnect();
}
