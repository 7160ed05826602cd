/**
 * npm run bench:start [-- --rounds 9]: from `node` on the built entry to the first answer of the
 * model, in turns with a bare Next server to its first page.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { quantile } from '@/lib/shared/numbers/quantile';
import { end, freePort } from '../harness/server';
import { buildIfStale } from '../scripts/build';
import { buildEmptyPage, spawnEmptyPage } from './empty-page';
import { describeRatio, ratioOf } from './limit/ratio';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } });
const ROUNDS = Number(values.rounds);
const LONGEST_MS = 1_500;
const POLL_MS = 5;

/** The status, and 0 where nobody listens. */
function ask(port: number, method: string, target: string, body?: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const asked = request({ port, method, path: target, host: '127.0.0.1' }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode!));
    });
    asked.on('error', () => resolve(0)).end(body);
  });
}

/** Milliseconds from the start of the process until it answers with 200. */
async function timeToAnswer(
  start: () => ChildProcess,
  isAnswered: () => Promise<boolean>,
): Promise<number> {
  const startedAtMs = performance.now();
  const child = start();
  try {
    while (!(await isAnswered())) {
      if (child.exitCode !== null) throw new Error(`a server ended with ${child.exitCode}`);
      await sleep(POLL_MS);
    }
    return performance.now() - startedAtMs;
  } finally {
    await end(child, 'SIGTERM');
  }
}

async function startOurs(picture: Buffer): Promise<number> {
  const port = await freePort();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'sightline-data-'));
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production' as const,
    HOSTNAME: '127.0.0.1',
    PORT: String(port),
    MODELS_DIR: path.resolve('models'),
    DATA_DIR: dataDir,
  };
  const start = () =>
    spawn(process.execPath, ['.next/standalone/server.js'], { env, stdio: 'ignore' });
  try {
    return await timeToAnswer(
      start,
      async () => (await ask(port, 'POST', '/api/predict', picture)) === 200,
    );
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function startBare(): Promise<number> {
  const port = await freePort();
  return timeToAnswer(
    () => spawnEmptyPage(port),
    async () => (await ask(port, 'GET', '/')) === 200,
  );
}

await buildIfStale();
await buildEmptyPage();
const picture = await readFile('public/samples/cat.png');
const [ours, bare]: [number[], number[]] = [[], []];
for (let round = -1; round < ROUNDS; round++) {
  const [our, other] = [await startOurs(picture), await startBare()];
  // The first reads files that no cache has.
  if (round < 0) continue;
  ours.push(our);
  bare.push(other);
}
const median = quantile(ours, 0.5);
const holds = median < LONGEST_MS;
console.info(
  `node to the first answer: ${median.toFixed(0)} ms (${Math.min(...ours).toFixed(0)} to ${Math.max(...ours).toFixed(0)}; under ${LONGEST_MS}) ${holds ? 'holds' : 'MISSED'}`,
);
console.info(describeRatio('to a bare Next server', ratioOf(ours, bare)).text);
console.info(`the bare server's first page: ${quantile(bare, 0.5).toFixed(0)} ms`);
if (!holds) process.exitCode = 1;
