import type { Check, LoadRun } from '../../lib/shared/contract/load-tests';
import { kneeOf } from './plans';

const SLOWEST_MS = 1_000;
const MEDIAN_MS = 50;
const P95_MS = 200;

/** The bounds of the old scenario, for 200 users with a key each. */
export function checkUsers({ total }: LoadRun): Check[] {
  const { latencyOfSuccesses: latency, shed, serverErrors, limited, unanswered } = total;
  const atMost = (what: string, value: number | undefined, most: number): Check => ({
    what: `200 users: ${what} under ${most} ms`,
    received: value === undefined ? 'no success' : `${value} ms`,
    holds: value !== undefined && value < most,
  });
  const none = (what: string, count: number): Check => ({
    what: `200 users: no ${what}`,
    received: String(count),
    holds: count === 0,
  });
  return [
    none('5xx and no lost answer', shed + serverErrors + unanswered),
    none('429, each within its own quota', limited),
    atMost('every success', latency?.max, SLOWEST_MS),
    atMost('median of successes', latency?.p50, MEDIAN_MS),
    atMost('p95 of successes', latency?.p95, P95_MS),
  ];
}

/**
 * The knee (the highest rate with good latency). Fails only if the lowest rate is already beyond
 * it.
 */
export function checkKnee(runs: readonly LoadRun[]): Check[] {
  const knee = kneeOf(runs, P95_MS);
  return [
    {
      what: `knee, the highest rate at which 99 % succeed and p95 is under ${P95_MS} ms`,
      received: knee ? knee.name : 'below the lowest rate',
      holds: knee !== undefined,
    },
  ];
}
