/**
 * The process of the honest client. Argument: the server's address. Reports when it has started,
 * and what it has measured when asked.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '@/lib/shared/numbers/quantile';
import { postPicture, smallPicture } from '../client';
import type { Testimony } from './witness';

const HEALTH_EVERY_MS = 50;
const PICTURE_EVERY_MS = 500;
const OWN_ADDRESS = { 'X-Forwarded-For': '198.51.100.7' };

const url = process.argv[2]!;
const healthMs: number[] = [];
const pictureMs: number[] = [];
const refused: number[] = [];
let isStopped = false;

async function askHealth(): Promise<void> {
  while (!isStopped) {
    const startedAtMs = performance.now();
    await fetch(`${url}/api/health`).then((answer) => answer.arrayBuffer());
    healthMs.push(performance.now() - startedAtMs);
    await sleep(HEALTH_EVERY_MS);
  }
}

async function sendPictures(): Promise<void> {
  const small = await smallPicture();
  for (let number = 60_000; !isStopped; number++) {
    // Similar colours give equal JPEGs, so a suffix makes each picture distinct.
    const picture = Buffer.concat([small, Buffer.from(String(number))]);
    const startedAtMs = performance.now();
    const status = await postPicture(url, picture, OWN_ADDRESS).then(
      (answer) => answer.arrayBuffer().then(() => answer.status),
      () => 0,
    );
    if (status === 200) pictureMs.push(performance.now() - startedAtMs);
    else refused.push(status);
    await sleep(PICTURE_EVERY_MS);
  }
}

function testify(): Testimony {
  const testimony: Testimony = {
    healthP99Ms: healthMs.length === 0 ? 0 : quantile(healthMs, 0.99),
    slowestPictureMs: Math.max(0, ...pictureMs),
    pictures: pictureMs.length,
    refused: [...refused],
  };
  for (const seen of [healthMs, pictureMs, refused]) seen.length = 0;
  return testimony;
}

const working = Promise.all([askHealth(), sendPictures()]);
process.send!('ready');
process.on('disconnect', () => process.exit());
process.on('message', (what: 'look' | 'stop') => {
  if (what === 'look') return void process.send!(testify());
  isStopped = true;
  void working.then(() => process.send!(testify()));
});
