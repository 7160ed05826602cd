import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '@/lib/shared/numbers/quantile';
import { childrenOf, residentBytes } from '../harness/processes';
import type { TestServer } from '../harness/server';

const HEALTH_REQUESTS = 50;
const READINGS = 10;
const COUNTED_READINGS = 3;
const IDLE_MS = 8_000;

/** Resident memory of the server and its workers together, in MiB. */
export async function residentMebibytes({ pid }: Pick<TestServer, 'pid'>): Promise<number> {
  const each = await Promise.all([pid, ...(await childrenOf(pid))].map(residentBytes));
  return each.reduce((sum, bytes) => sum + bytes, 0) / 1024 ** 2;
}

/**
 * Memory in use, without garbage. V8 collects an idle heap only after about half a minute, so the
 * server idles between a few requests, and the median of the last readings counts.
 */
export async function idleMebibytes(server: TestServer): Promise<number> {
  const readings: number[] = [];
  for (let reading = 0; reading < READINGS; reading++) {
    for (let i = 0; i < HEALTH_REQUESTS; i++)
      await (await fetch(`${server.url}/api/health`)).arrayBuffer();
    await sleep(IDLE_MS);
    readings.push(await residentMebibytes(server));
  }
  return quantile(readings.slice(-COUNTED_READINGS), 0.5);
}
