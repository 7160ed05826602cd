/**
 * A process of its own that keeps so many predictions of distinct pictures in flight, until told to
 * stop, and then reports how long each took. Arguments: url, pictures in flight.
 */
import sharp from 'sharp';

const [url, inFlightText] = process.argv.slice(2);
const inFlight = Number(inFlightText);
const latenciesMs: number[] = [];
const statuses: Record<number, number> = {};
let stopping = false;
let sent = 0;

const base = await sharp('public/samples/cat.png')
  .resize(500, 375, { fit: 'cover' })
  .jpeg({ quality: 85 })
  .toBuffer();

/** A distinct picture: bytes after the end of a JPEG are ignored, but change its hash. */
function nextPicture(): Uint8Array<ArrayBuffer> {
  const suffix = Buffer.alloc(8);
  suffix.writeBigUInt64BE(BigInt(++sent));
  return new Uint8Array(Buffer.concat([base, suffix]));
}

async function user(): Promise<void> {
  while (!stopping) {
    const startedAtMs = performance.now();
    const response = await fetch(`${url}/api/predict`, {
      method: 'POST',
      headers: { 'Content-Type': 'image/jpeg' },
      body: nextPicture(),
    });
    await response.arrayBuffer();
    statuses[response.status] = (statuses[response.status] ?? 0) + 1;
    if (response.ok) latenciesMs.push(performance.now() - startedAtMs);
  }
}

process.on('message', () => (stopping = true));
const users = Promise.all(Array.from({ length: inFlight }, user));
process.send!({ kind: 'started' });
await users;
process.send!({ kind: 'done', latenciesMs, statuses });
process.disconnect();
