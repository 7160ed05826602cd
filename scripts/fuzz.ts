/** npm run fuzz [-- --seed N --requests N --path P]: made-up requests against the built server. */
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { percentile } from '../bench/percentiles';
import { fuzz, FUZZ_SETTINGS, whatIsWrongAfter } from '../tests/fuzz/fuzz';
import { seedPictures } from '../tests/fuzz/pictures';
import { startServer, type TestServer } from '../tests/server';

const WARMUP_REQUESTS = 500;
const LARGEST_GROWTH = 0.2;
const HEALTH_REQUESTS = 50;
const READINGS = 10;
const COUNTED_READINGS = 3;
const IDLE_MS = 8_000;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    requests: { type: 'string', default: '10000' },
    path: { type: 'string' },
  },
});
const seed = Number(values.seed);

async function residentMebibytes({ pid }: TestServer): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) / 1024;
}

/**
 * What the server keeps, not what it has not collected yet: V8 collects an idle heap only after
 * about half a minute, so it is left idle between a few requests, and the last readings count.
 */
async function settledMebibytes(server: TestServer): Promise<number> {
  const readings: number[] = [];
  for (let reading = 0; reading < READINGS; reading++) {
    for (let i = 0; i < HEALTH_REQUESTS; i++)
      await (await fetch(`${server.url}/api/health`)).arrayBuffer();
    await setTimeout(IDLE_MS);
    readings.push(await residentMebibytes(server));
  }
  return percentile(readings.slice(-COUNTED_READINGS), 0.5);
}

async function run(server: TestServer): Promise<string[]> {
  const seeds = await seedPictures();
  const again = values.path ? { path: values.path } : {};
  const wanted = Number(values.requests);
  if (values.path === undefined) {
    // The same mix as what follows, of another seed.
    const warmup = await fuzz(server, seeds, { seed: seed + 1, requests: WARMUP_REQUESTS });
    if (warmup.failure) return [warmup.failure];
  }
  const beforeMebibytes = await settledMebibytes(server);
  const { failure, statuses } = await fuzz(server, seeds, { seed, requests: wanted, ...again });
  const afterMebibytes = await settledMebibytes(server);
  const growth = afterMebibytes / beforeMebibytes - 1;
  console.info(`by status ${JSON.stringify(statuses)}`);
  console.info(
    `resident memory ${beforeMebibytes.toFixed(0)} MiB after ${WARMUP_REQUESTS} requests, ${afterMebibytes.toFixed(0)} MiB after all: ${(growth * 100).toFixed(1)} % more (at most ${LARGEST_GROWTH * 100} %)`,
  );
  return [
    ...(failure ? [failure] : []),
    ...(growth > LARGEST_GROWTH ? ['The server grew too much.'] : []),
    ...(await whatIsWrongAfter(server)),
  ];
}

console.info(`seed ${seed}`);
const server = await startServer(FUZZ_SETTINGS);
try {
  const wrong = await run(server);
  for (const what of wrong) console.error(`\n${what}`);
  if (wrong.length > 0) process.exitCode = 1;
  else console.info('nothing wrong');
} finally {
  await server.stop();
}
