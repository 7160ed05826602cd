/** A process that keeps a fixed number of requests in flight. Argument: the server's address. */
import { Pool } from 'undici';
import { FORM_TYPE, pictureForm } from '../loadtest/multipart';
import { Deck, makeLargePicture, makePictures } from '../loadtest/pictures';
import { seededRandom } from '../loadtest/random';
import { serveCounted, type Job } from './jobs';

const BATCH_SIZE = 32;
const IN_FLIGHT = { new: 16, known: 16, half: 16, batch: 2, large: 4 };
const HALF = 0.5;

const random = seededRandom(Number(process.pid));
const pictures = await makePictures(seededRandom(1));
// Each process starts elsewhere, but what is new in one process is also new to the other's server.
const deck = new Deck(pictures, random, 0);
const halfDeck = new Deck(pictures, random, HALF);
let large: Deck | undefined;
const pool = new Pool(process.argv[2]!, { connections: IN_FLIGHT.new });

const next = (count: number) => Array.from({ length: count }, () => deck.next());

async function prepare(kind: Job['kind']): Promise<void> {
  if (kind === 'large') large ??= new Deck([await makeLargePicture()], random, 0);
}

function picture(kind: Job['kind']): Buffer {
  if (kind === 'known') return pictures[0]!;
  if (kind === 'half') return halfDeck.next();
  return (kind === 'large' ? large! : deck).next();
}

/** The body, its type, and its number of pictures. */
function makeBody(kind: NonNullable<Job['kind']>): [Buffer, string, number] {
  if (kind === 'batch') return [pictureForm('images', next(BATCH_SIZE)), FORM_TYPE, BATCH_SIZE];
  return [picture(kind), 'image/jpeg', 1];
}

serveCounted(async ({ kind = 'new', path = '/api/predict', ms }) => {
  await prepare(kind);
  const endAtMs = performance.now() + ms;
  let done = 0;
  const lane = async () => {
    while (performance.now() < endAtMs) {
      const [body, type, count] = makeBody(kind);
      const headers = { 'content-type': type };
      const answer = await pool.request({ method: 'POST', path, headers, body });
      const text = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${text}`);
      done += count;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT[kind] }, lane));
  return done;
});
