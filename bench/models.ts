/** npm run bench:models: does memory stay as it is while predictions alternate between two models? */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildIfStale } from '../scripts/build';
import { startServer, type TestServer } from '../harness/server';
import { SOUND_MODELS, writeModel } from '../harness/models/folders';
import { idleMebibytes } from './idle-memory';

const SHIPPED = 'tiny-imagenet-200';
const OTHER = 'convnext-crop-pct';
const MODELS = [SHIPPED, OTHER];
/** After these predictions every worker has both models loaded, and the answer cache is full. */
const WARMUP = 1_000;
const PREDICTIONS = 1_000;
const LANES = 4;
const LARGEST_GROWTH = 0.2;

/** Bytes after the end of a picture are ignored, but change its hash. */
function distinct(picture: Buffer, number: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(picture.byteLength + 4);
  bytes.set(picture);
  new DataView(bytes.buffer).setUint32(picture.byteLength, number);
  return bytes;
}

/** Sends each picture once, alternating between the models. */
async function predict(server: TestServer, from: number, count: number): Promise<void> {
  const picture = await readFile('public/samples/cat.png');
  let next = from;
  const lane = async () => {
    for (let number = next++; number < from + count; number = next++) {
      const model = MODELS[number % MODELS.length]!;
      const response = await fetch(`${server.url}/api/predict?model=${model}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/octet-stream' },
        body: distinct(picture, number),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${model} answered ${response.status}: ${text}`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

await buildIfStale();
const modelsDir = await mkdtemp(path.join(tmpdir(), 'sightline-models-'));
await cp(`models/${SHIPPED}`, path.join(modelsDir, SHIPPED), { recursive: true });
await writeModel(path.join(modelsDir, OTHER), SOUND_MODELS[OTHER]!);
const server = await startServer({
  MODELS_DIR: modelsDir,
  DEFAULT_MODEL: SHIPPED,
  PREDICT_PER_MINUTE: '0',
});
try {
  await predict(server, 0, WARMUP);
  const before = await idleMebibytes(server);
  await predict(server, WARMUP, PREDICTIONS);
  const after = await idleMebibytes(server);
  const growth = after / before - 1;
  const holds = growth <= LARGEST_GROWTH;
  console.info(
    `resident memory ${before.toFixed(0)} MiB after ${WARMUP} predictions, ${after.toFixed(0)} MiB after ${PREDICTIONS} more: ${(growth * 100).toFixed(1)} % more (at most ${LARGEST_GROWTH * 100} %) ${holds ? 'holds' : 'MISSED'}`,
  );
  if (!holds) process.exitCode = 1;
} finally {
  await server.stop();
  await rm(modelsDir, { recursive: true });
}
