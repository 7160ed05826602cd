/** Makes a plan of load tests from the command's flags. */
import { parseArgs } from 'node:util';
import type { LoadRun } from '../../lib/shared/contract/load-tests';
import type { RunPlan } from './run';
import { ASSUMPTIONS, RUNS } from './scenario';

const SECONDS = 180;
const QUICK_SECONDS = 20;
const REPEATS = 0.5;
/** The default limits of a server. The cluster's replicas get them explicitly. */
const LIMITS = { PREDICT_PER_MINUTE: '100', BATCH_PER_MINUTE: '30', READ_PER_MINUTE: '600' };
const NO_LIMITS = { PREDICT_PER_MINUTE: '0', BATCH_PER_MINUTE: '0', READ_PER_MINUTE: '0' };

export interface Plan {
  readonly variant: string;
  readonly title: string;
  readonly isQuick: boolean;
  readonly settings: Record<string, string>;
  readonly assumptions: readonly string[];
  readonly runs: readonly RunPlan[];
}

const OPTIONS = {
  anonymous: { type: 'boolean', default: false },
  unique: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  replicas: { type: 'string' },
  rates: { type: 'string' },
  seconds: { type: 'string' },
} as const;

/** @throws Error if a flag is unknown or its value is not made of whole numbers */
export function planOf(args: readonly string[]): Plan {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const { anonymous, unique, quick } = values;
  const replicas = numbers('replicas', values.replicas);
  const rates = numbers('rates', values.rates);
  const seconds = numbers('seconds', values.seconds)?.[0];
  if (replicas && rates) throw new Error('expected --replicas or --rates, received both');
  const settings = rates ? NO_LIMITS : LIMITS;
  const common = {
    seconds: seconds ?? (quick ? QUICK_SECONDS : SECONDS),
    repeats: unique ? 0 : REPEATS,
    keys: !anonymous,
    settings,
  };
  return {
    variant: [
      replicas ? 'replicas' : rates ? 'rates' : 'users',
      ...(anonymous ? ['anonymous'] : []),
      ...(unique ? ['unique'] : []),
    ].join('-'),
    title: [
      replicas
        ? 'Replicas behind nginx, with one Redis'
        : rates
          ? 'Requests at fixed rates'
          : 'The old scenario',
      anonymous ? 'all from one address' : 'a key for each user',
      unique ? 'no picture twice' : 'half of the pictures repeated',
    ].join(', '),
    isQuick: quick,
    settings,
    assumptions: [
      ...ASSUMPTIONS,
      anonymous
        ? 'Nobody has a key: all users are one identity, and share its quota.'
        : 'Each user has a key of its own, and so a quota of its own.',
      unique
        ? 'No picture is sent twice.'
        : 'Half of the pictures are one of the 60 that all users share, the others are sent once only.',
      ...(rates
        ? ['Requests start at fixed moments, without quotas; latency counts from that moment.']
        : []),
    ],
    runs: runsOf(replicas, rates).map((run) => ({ ...run, ...common })),
  };
}

function runsOf(
  replicas: readonly number[] | undefined,
  rates: readonly number[] | undefined,
): Pick<RunPlan, 'name' | 'load' | 'replicas'>[] {
  if (rates) {
    return rates.map((startedPerSecond) => ({
      name: `${startedPerSecond} a second`,
      load: { startedPerSecond },
      replicas: 0,
    }));
  }
  const users = RUNS.map(({ name, ...load }) => ({ name, load, replicas: 0 }));
  if (!replicas) return users;
  const { load } = users.at(-1)!;
  return replicas.map((count) => ({
    name: `high, ${count} ${count === 1 ? 'replica' : 'replicas'}`,
    load,
    replicas: count,
  }));
}

function numbers(flag: string, text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined;
  const values = text.split(',').map(Number);
  if (values.every((value) => Number.isInteger(value) && value > 0)) return values;
  throw new Error(`expected --${flag} to be whole numbers with commas between, received ${text}`);
}

/** The highest rate at which nearly all requests succeed quickly; undefined if there is none. */
export function kneeOf(runs: readonly LoadRun[], mostMs: number): LoadRun | undefined {
  return runs.findLast(
    ({ total }) =>
      total.succeeded >= 0.99 * total.requests &&
      (total.latencyOfSuccesses?.p95 ?? Infinity) < mostMs,
  );
}
