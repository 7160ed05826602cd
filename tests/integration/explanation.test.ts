/** `explain` of /api/predict: the map's mass lies where the evidence is. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PredictResponse } from '@/lib/shared/contract/predict';
import { shareWithin } from '@/lib/shared/vision/explain/words';
import { evidenceInQuarter, redInQuarter } from '../../harness/pictures';
import { startServer, type TestServer } from '../../harness/server';
import { BENT_TAIL, SEES_RED, writeModel } from '../../harness/models/folders';

const ESPRESSO = 193;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

function ask(picture: Buffer, query: string, { url } = server): Promise<Response> {
  const body = new Uint8Array(picture);
  return fetch(`${url}/api/predict?${query}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body,
  });
}

const QUARTERS = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const;

describe.each(['class-activation', 'occlusion'] as const)('%s', (method) => {
  test.each(QUARTERS)('finds the quarter %d, %d that has all the evidence', async (x, y) => {
    const picture = await evidenceInQuarter(x, y);
    const response = await ask(picture, `explain=${method}&explainIndex=${ESPRESSO}`);
    const { explanation } = (await response.json()) as PredictResponse;
    expect(explanation).toMatchObject({ method, index: ESPRESSO, width: 8, height: 8 });
    const share = shareWithin(explanation!, x / 2, y / 2, (x + 1) / 2, (y + 1) / 2);
    expect(share).toBeGreaterThan(0.5);
  });
});

test('true is the best method of the model, of the first label', async () => {
  const picture = await sharp('public/samples/espresso.png').png().toBuffer();
  const plain = (await (await ask(picture, '')).json()) as PredictResponse;
  const explained = (await (await ask(picture, 'explain=true')).json()) as PredictResponse;
  const again = (await (await ask(picture, '')).json()) as PredictResponse;
  expect(explained.explanation).toMatchObject({
    method: 'class-activation',
    index: plain.predictions[0]!.index,
  });
  expect(explained.predictions).toEqual(plain.predictions);
  expect(explained.cached).toBe(false);
  // The cache is none the worse for it.
  expect(again).toMatchObject({ cached: true, predictions: plain.predictions });
  expect(again).not.toHaveProperty('explanation');
});

test.each([
  ['explain=yes', 'true, false, class-activation or occlusion'],
  ['explain=true&explainIndex=200', 'a whole number from 0 to 199'],
  ['explain=true&explainIndex=', 'a whole number from 0 to 199'],
])('%s is refused', async (query, expected) => {
  const response = await ask(await evidenceInQuarter(0, 0), query);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ expected });
});

describe('a model without class activations of its own', () => {
  let modelsDir: string;
  let other: TestServer;
  beforeAll(async () => {
    modelsDir = await mkdtemp(path.join(tmpdir(), 'sightline-models-'));
    await writeModel(path.join(modelsDir, 'sees-red'), SEES_RED);
    await writeModel(path.join(modelsDir, 'bent'), BENT_TAIL);
    other = await startServer({ MODELS_DIR: modelsDir, DEFAULT_MODEL: 'sees-red' });
  });
  afterAll(async () => {
    await other.stop();
    await rm(modelsDir, { recursive: true });
  });

  test.each(QUARTERS)('has them from its end: the quarter %d, %d decides', async (x, y) => {
    const response = await ask(await redInQuarter(x, y), 'explain=true&explainIndex=0', other);
    const { explanation } = (await response.json()) as PredictResponse;
    expect(explanation).toMatchObject({ method: 'class-activation', width: 15, height: 15 });
    const share = shareWithin(explanation!, x / 2, y / 2, (x + 1) / 2, (y + 1) / 2);
    expect(share).toBeGreaterThan(0.9);
  });

  test('outputs what its file outputs, to who asks for tensors', async () => {
    const metadata = await fetch(`${other.url}/v2/models/sees-red`);
    const { outputs } = (await metadata.json()) as { outputs: { name: string }[] };
    expect(outputs.map(({ name }) => name)).toEqual(['logits', 'probabilities']);
  });

  test('is explained by occlusion where its end is another one', async () => {
    const picture = await redInQuarter(0, 0);
    const response = await ask(picture, 'explain=true&model=bent', other);
    expect(await response.json()).toMatchObject({ explanation: { method: 'occlusion' } });
    const refused = await ask(picture, 'explain=class-activation&model=bent', other);
    expect(refused.status).toBe(400);
  });
});
