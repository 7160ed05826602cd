/** A process that requests the server's health continuously. Argument: the server's address. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'undici';
import { quantile } from '@/lib/shared/numbers/quantile';
import { serveJobs } from './jobs';

const EVERY_MS = 20;

const client = new Client(process.argv[2]!);

/** Reports the 99th percentile of the latency in milliseconds. */
serveJobs(async ({ ms, path = '/api/health' }) => {
  const latenciesMs: number[] = [];
  const endAtMs = performance.now() + ms;
  while (performance.now() < endAtMs) {
    const startedAtMs = performance.now();
    const answer = await client.request({ method: 'GET', path });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${text}`);
    latenciesMs.push(performance.now() - startedAtMs);
    await sleep(EVERY_MS);
  }
  return quantile(latenciesMs, 0.99);
});
