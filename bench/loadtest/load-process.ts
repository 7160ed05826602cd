/**
 * The load generator, in a process of its own: makes its pictures, says that it is ready, waits to be
 * told to start, and reports every request. Argument: a LoadPlan as JSON.
 */
import { once } from 'node:events';
import { Client } from './client';
import { closedModel, openModel } from './models';
import { Deck, makePictures } from './pictures';
import { seededRandom } from './random';
import type { Sample } from './statistics';

export interface LoadPlan {
  readonly url: string;
  /** Of each client; null: without a key. */
  readonly keys: readonly (string | null)[];
  readonly load:
    | { readonly users: number; readonly arrivingPerSecond: number }
    | { readonly startedPerSecond: number };
  readonly seconds: number;
  readonly repeats: number;
}

export interface LoadOutcome {
  readonly samples: readonly Sample[];
  /** Until the last answer. */
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
// A report of megabytes takes longer than ending does, and its processor time is still asked for.
await released;
