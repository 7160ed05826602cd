/**
 * npm run bench:memory [-- --predictions 20000]: does resident memory stay where it was halfway? New
 * pictures one after the other on several connections; a sample after each hundredth part of a half.
 */
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { quantile } from '@/lib/shared/numbers/quantile';
import { buildIfStale } from '../scripts/build';
import { startServer, type TestServer } from '../harness/server';
import { Deck, makePictures } from './loadtest/pictures';
import { seededRandom } from './loadtest/random';
import { residentMebibytes } from './idle-memory';

const { values } = parseArgs({ options: { predictions: { type: 'string', default: '20000' } } });
const PREDICTIONS = Number(values.predictions);
const HALF = PREDICTIONS / 2;
const SAMPLE_EVERY = Math.ceil(HALF / 100);
const MEDIAN_OF = 50;
const IN_FLIGHT = 16;
const MOST_GROWTH = 1.1;

/** Resident memory in MiB, in the order of measurement. */
async function drive({ url, pid }: TestServer): Promise<number[]> {
  const pool = new Pool(url, { connections: IN_FLIGHT });
  const deck = new Deck(await makePictures(seededRandom(1)), seededRandom(2), 0);
  const samples: number[] = [];
  let begun = 0;
  let done = 0;
  const lane = async () => {
    while (begun++ < PREDICTIONS) {
      const headers = { 'content-type': 'image/jpeg' };
      const body = deck.next();
      const answer = await pool.request({ method: 'POST', path: '/api/predict', headers, body });
      const text = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${text}`);
      if (++done % SAMPLE_EVERY === 0) samples.push(await residentMebibytes({ pid }));
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  await pool.close();
  return samples;
}

await buildIfStale();
const server = await startServer({ PREDICT_PER_MINUTE: '0', QUEUE_LIMIT: '200' });
try {
  const samples = await drive(server);
  const halfway = Math.floor(samples.length / 2);
  const middle = quantile(samples.slice(halfway - MEDIAN_OF, halfway), 0.5);
  const end = quantile(samples.slice(-MEDIAN_OF), 0.5);
  const growth = end / middle;
  const holds = growth <= MOST_GROWTH && growth >= 1 / MOST_GROWTH;
  if (!holds) process.exitCode = 1;
  console.info(
    `resident memory, medians of ${MEDIAN_OF} samples: ${middle.toFixed(0)} MiB up to ${HALF} predictions, ` +
      `${end.toFixed(0)} MiB up to ${PREDICTIONS}: ${growth.toFixed(3)} (within ${MOST_GROWTH}) ${holds ? 'holds' : 'MISSED'}`,
  );
} finally {
  await server.stop();
}
