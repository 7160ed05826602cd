import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { classifyOnServer, compare, report, type Comparison } from '../compare';
import { makePictures, type TestPicture } from '../../harness/pictures';
import { startServer, type TestServer } from '../../harness/server';

const MODEL_ID = 'tiny-imagenet-200';
/** The peer resizes without Pillow's antialiasing, so only pictures at model size can be equal. */
const EQUAL_AT_MODEL_SIZE = 0.001;

const { temperature } = (
  JSON.parse(readFileSync(`models/${MODEL_ID}/evaluation.json`, 'utf8')) as {
    calibration: { temperature: number };
  }
).calibration;

let server: TestServer;
let comparisons: Comparison[];

beforeAll(async () => {
  server = await startServer();
  // The peer knows neither EXIF, profiles nor what lies under transparency.
  const pictures = (await makePictures()).filter(
    ({ name }) => !/^(orientation-|alpha|twelve)|p3|16-bit/.test(name),
  );
  const { id2label } = JSON.parse(await readFile(`models/${MODEL_ID}/config.json`, 'utf8')) as {
    id2label: Record<string, string>;
  };
  const labels = Object.values(id2label);
  const fromPeer = await askPeer(pictures);
  comparisons = [];
  for (const { name, bytes } of pictures) {
    const ours = await classifyOnServer(server.url, bytes, labels.length);
    comparisons.push(
      compare(name, ours, calibrated(labels.map((label) => fromPeer[name]![label]!))),
    );
  }
});

afterAll(() => server.stop());

/** The peer knows no temperature: softmax of logits / T is its own answer to the power of 1 / T. */
function calibrated(scores: readonly number[]): number[] {
  const powers = scores.map((score) => score ** (1 / temperature));
  const sum = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / sum);
}

async function askPeer(
  pictures: readonly TestPicture[],
): Promise<Record<string, Record<string, number>>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sightline-peer-'));
  try {
    const files = pictures.map(({ name }) => path.join(folder, name));
    await Promise.all(pictures.map(({ bytes }, i) => writeFile(files[i]!, bytes)));
    const { stdout } = await promisify(execFile)(
      path.resolve('node_modules/.bin/tsx'),
      ['tests/integration/peer.mts', MODEL_ID, ...files],
      { maxBuffer: 64 * 1024 * 1024 },
    );
    return JSON.parse(stdout) as Record<string, Record<string, number>>;
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('lossless pictures at model size get the peer’s probabilities', () => {
  const atModelSize = comparisons.filter(({ name }) => name.endsWith('-64.png'));
  expect(atModelSize).toHaveLength(3);
  expect(atModelSize.filter(({ largest }) => !(largest <= EQUAL_AT_MODEL_SIZE))).toEqual([]);
});

test('what resizing without antialiasing changes is reported', () => {
  console.info(report('Server and @huggingface/transformers', comparisons));
  expect(comparisons.length).toBeGreaterThan(20);
});
