/** npm run fuzz [-- --seed N --requests N --path P]: sends random requests to the built server. */
import { parseArgs } from 'node:util';
import { idleMebibytes } from '../bench/idle-memory';
import { fuzz, FUZZ_SETTINGS, whatIsWrongAfter } from '../harness/fuzz/fuzz';
import { seedPictures } from '../harness/fuzz/pictures';
import { startServer, type TestServer } from '../harness/server';

const WARMUP_REQUESTS = 500;
const LARGEST_GROWTH = 0.2;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    requests: { type: 'string', default: '10000' },
    path: { type: 'string' },
  },
});
const seed = Number(values.seed);

async function run(server: TestServer): Promise<string[]> {
  const seeds = await seedPictures();
  const again = values.path ? { path: values.path } : {};
  const wanted = Number(values.requests);
  if (values.path === undefined) {
    // The same mix of requests as below, with another seed.
    const warmup = await fuzz(server, seeds, { seed: seed + 1, requests: WARMUP_REQUESTS });
    if (warmup.failure) return [warmup.failure];
  }
  const beforeMebibytes = await idleMebibytes(server);
  const { failure, statuses } = await fuzz(server, seeds, { seed, requests: wanted, ...again });
  const afterMebibytes = await idleMebibytes(server);
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
