/** Does /api/health answer while 200 predictions of distinct pictures are in flight? */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '@/lib/shared/numbers/quantile';
import { startServer } from '../harness/server';
import { summarize } from './summarize';

const IN_FLIGHT = 200;
const WARMUP_MS = 3_000;
const MEASURED_MS = 15_000;
const HEALTH_EVERY_MS = 20;
const LARGEST_RATIO = 0.1;

interface LoadReport {
  readonly latenciesMs: number[];
  readonly statuses: Record<number, number>;
}

async function measureHealth(url: string): Promise<number[]> {
  const samples: number[] = [];
  const endAtMs = performance.now() + MEASURED_MS;
  while (performance.now() < endAtMs) {
    const startedAtMs = performance.now();
    const response = await fetch(`${url}/api/health`);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`health answered ${response.status}`);
    samples.push(performance.now() - startedAtMs);
    await sleep(HEALTH_EVERY_MS);
  }
  return samples;
}

const server = await startServer({ QUEUE_LIMIT: String(IN_FLIGHT) });
try {
  const load = fork('bench/load-process.ts', [server.url, String(IN_FLIGHT)]);
  await once(load, 'message');
  await sleep(WARMUP_MS);
  const healthMs = await measureHealth(server.url);
  const done = once(load, 'message');
  load.send('stop');
  const [report] = (await done) as [LoadReport];
  const ratio = quantile(healthMs, 0.99) / quantile(report.latenciesMs, 0.99);
  console.info(
    `predictions  ${summarize(report.latenciesMs)}, by status ${JSON.stringify(report.statuses)}`,
  );
  console.info(`health       ${summarize(healthMs)}`);
  console.info(
    `p99 health / p99 predictions = ${ratio.toFixed(3)} (at most ${LARGEST_RATIO}) ${ratio <= LARGEST_RATIO ? 'holds' : 'MISSED'}`,
  );
  if (ratio > LARGEST_RATIO) process.exitCode = 1;
} finally {
  await server.stop();
}
