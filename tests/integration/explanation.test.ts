/** `explain` of /api/predict: the map's mass lies where the evidence is. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PredictResponse } from '@/lib/shared/contract/predict';
import { shareWithin } from '@/lib/shared/vision/explain/words';
import { evidenceInQuarter } from '../pictures';
import { startServer, type TestServer } from '../server';

const ESPRESSO = 193;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

function ask(picture: Buffer, query: string): Promise<Response> {
  const body = new Uint8Array(picture);
  return fetch(`${server.url}/api/predict?${query}`, {
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
