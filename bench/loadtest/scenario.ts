/** The actions of a visitor in the old system's load tests. */
import { OLD_SYSTEM } from './old-system';
import type { Random } from './random';

export const BURST_SIZE = 5;
export const BATCH_SIZE = 4;
const THINK_MS = { least: 1_000, most: 2_000 };

export interface Action {
  /** Name of the route in the old report. */
  readonly route: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Number of such requests sent at once. */
  readonly atOnce: number;
  /** Pictures in each request. */
  readonly pictures: number;
  /** How often it is chosen, relative to the others. */
  readonly weight: number;
}

/**
 * The old report counts requests, so an action of several requests has a correspondingly lower
 * weight.
 */
export const ACTIONS: readonly Action[] = OLD_SYSTEM.normal.routes.map(({ route, requests }) => {
  const [method, path] = route.split(/[ ,]+/, 2) as ['GET' | 'POST', string];
  const atOnce = route.endsWith('burst') ? BURST_SIZE : 1;
  const pictures = path === '/api/predict/batch' ? BATCH_SIZE : method === 'POST' ? 1 : 0;
  return { route, method, path, atOnce, pictures, weight: requests / atOnce };
});

const TOTAL_WEIGHT = ACTIONS.reduce((sum, { weight }) => sum + weight, 0);

/** Average number of requests per chosen action. */
export const MEAN_AT_ONCE =
  ACTIONS.reduce((sum, { weight, atOnce }) => sum + weight * atOnce, 0) / TOTAL_WEIGHT;

export function chooseAction(random: Random): Action {
  let rest = random() * TOTAL_WEIGHT;
  return ACTIONS.find(({ weight }) => (rest -= weight) < 0) ?? ACTIONS[0]!;
}

/** Think time: milliseconds between an answer and the next action. */
export function thinkMs(random: Random): number {
  return THINK_MS.least + random() * (THINK_MS.most - THINK_MS.least);
}

export const RUNS = OLD_SYSTEM.runs.map(({ name, users, arrivingPerSecond }) => ({
  name,
  users,
  arrivingPerSecond,
}));

/** Where this scenario adds to the old report, or differs from it. */
export const ASSUMPTIONS: readonly string[] = [
  `The mix is the share of each route among the requests of the old run "normal"; a burst is ${BURST_SIZE} predictions at once and counts as ${BURST_SIZE} requests, "intensive" is one prediction of the mix like any other.`,
  `After the answer a user thinks for ${THINK_MS.least / 1000} to ${THINK_MS.most / 1000} s, uniformly distributed; users stay until the end.`,
  `A batch holds ${BATCH_SIZE} pictures. Pictures are JPEGs of 500 × 375, cut out of the samples, sent as multipart forms.`,
  'Each user keeps connections of its own alive, five at the most.',
  'Latency is from the request to the last byte of the answer; nothing is left out as warm-up, and requests under way at the end are waited for.',
  'The server is started anew for each run; load generator and server share the machine, and each run has the same seed.',
];
