/**
 * Load models. Closed: users wait for an answer and think. Open: requests start at fixed moments
 * regardless of answers.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from './client';
import { seededRandom, type Random } from './random';
import { chooseAction, MEAN_AT_ONCE, thinkMs } from './scenario';
import type { Sample } from './statistics';

export async function closedModel(
  clients: readonly Client[],
  arrivingPerSecond: number,
  durationMs: number,
): Promise<Sample[]> {
  const endAtMs = performance.now() + durationMs;
  const samples: Sample[] = [];
  const users = clients.map(async (client, i) => {
    await sleep((i * 1000) / arrivingPerSecond);
    await visit(client, seededRandom(i + 1), endAtMs, samples);
  });
  await Promise.all(users);
  return samples;
}

async function visit(client: Client, random: Random, endAtMs: number, samples: Sample[]) {
  while (performance.now() < endAtMs) {
    samples.push(...(await client.run(chooseAction(random))));
    await sleep(Math.min(thinkMs(random), Math.max(0, endAtMs - performance.now())));
  }
}

/**
 * Open model. Latency counts from the moment a request was due, so that waiting for a slow server
 * is included.
 */
export async function openModel(
  clients: readonly Client[],
  requestsPerSecond: number,
  durationMs: number,
): Promise<Sample[]> {
  const random = seededRandom(1);
  const betweenMs = (1000 * MEAN_AT_ONCE) / requestsPerSecond;
  const startAtMs = performance.now();
  const answers: Promise<Sample[]>[] = [];
  for (let i = 0; i * betweenMs < durationMs; i++) {
    const dueAtMs = startAtMs + i * betweenMs;
    // Timers may fire up to a millisecond early, and an answer must not precede its request.
    while (performance.now() < dueAtMs) await sleep(Math.ceil(dueAtMs - performance.now()));
    answers.push(clients[i % clients.length]!.run(chooseAction(random), dueAtMs));
  }
  return (await Promise.all(answers)).flat();
}
