/**
 * The load generator, in its own process. It makes its pictures, reports that it is ready, waits
 * for the start, and then reports every request. Argument: a LoadPlan as JSON.
 */
import { once } from 'node:events';
import { Client } from './client';
import { closedModel, openModel } from './models';
import { Deck, makePictures } from './pictures';
import { seededRandom } from './random';
import type { Sample } from './statistics';

export interface LoadPlan {
  readonly url: string;
  /** Key of each client; null means without a key. */
  readonly keys: readonly (string | null)[];
  readonly load:
    | { readonly users: number; readonly arrivingPerSecond: number }
    | { readonly startedPerSecond: number };
  readonly seconds: number;
  readonly repeats: number;
}

export interface LoadOutcome {
  readonly samples: readonly Sample[];
  /** Time until the last answer. */
  readonly seconds: number;
}

const SEED = 20_251_123;

const plan = JSON.parse(process.argv[2]!) as LoadPlan;
const random = seededRandom(SEED);
const deck = new Deck(await makePictures(random), random, plan.repeats);
const clients = plan.keys.map((key) => new Client(plan.url, key ?? undefined, deck));
const told = once(process, 'message');
const released = once(process, 'disconnect');
process.send!('ready');
await told;

const startedAtMs = performance.now();
const durationMs = plan.seconds * 1000;
const samples =
  'users' in plan.load
    ? await closedModel(clients, plan.load.arrivingPerSecond, durationMs)
    : await openModel(clients, plan.load.startedPerSecond, durationMs);
const seconds = (performance.now() - startedAtMs) / 1000;
const outcome: LoadOutcome = { samples, seconds };
process.send!(outcome);
await Promise.all(clients.map((client) => client.close()));
// Sending a report of megabytes outlasts an exit, and the parent still reads this process's
// processor time.
await released;
