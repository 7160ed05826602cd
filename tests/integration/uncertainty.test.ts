/** What the model does not know is said to be uncertain, and counted. */
import sharp from 'sharp';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BatchResponse } from '@/lib/shared/contract/batch';
import type { PredictResponse } from '@/lib/shared/contract/predict';
import type { VisualizationsResponse } from '@/lib/shared/contract/statistics';
import { nonPictures } from '@/lib/shared/uncertainty/non-pictures';
import { postPicture, statistics } from '../../harness/client';
import { metricsText, metricValue } from '../metrics';
import { startServer, type TestServer } from '../../harness/server';

const SEED = 77;
const COUNTER = 'sightline_uncertain_predictions_total{model="tiny-imagenet-200",source="server"}';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

async function picturesOfNothing(count: number): Promise<Buffer[]> {
  const images = [...nonPictures(count, SEED)].map(({ image }) => image);
  return Promise.all(
    images.map(({ data, width, height }) =>
      sharp(data, { raw: { width, height, channels: 3 } })
        .png()
        .toBuffer(),
    ),
  );
}

async function ask(picture: Buffer): Promise<PredictResponse> {
  return (await (await postPicture(server.url, picture)).json()) as PredictResponse;
}

test('pictures of nothing are uncertain, alone and in a batch, and counted as such', async () => {
  const nothing = await picturesOfNothing(22);
  const espresso = await readFile('public/samples/espresso.png');

  expect((await ask(espresso)).uncertain).toBe(false);
  const answers: PredictResponse[] = [];
  for (const picture of nothing) answers.push(await ask(picture));
  const uncertain = answers.filter((answer) => answer.uncertain).length;
  expect(uncertain / nothing.length).toBeGreaterThanOrEqual(0.9);

  const form = new FormData();
  for (const picture of [...nothing, espresso]) {
    form.append('images', new Blob([new Uint8Array(picture)]), 'picture.png');
  }
  const response = await fetch(`${server.url}/api/predict/batch`, { method: 'POST', body: form });
  const { results } = (await response.json()) as BatchResponse;
  // Out of the cache, which has what it takes to doubt.
  expect(results.map((result) => 'uncertain' in result && result.uncertain)).toEqual([
    ...answers.map((answer) => answer.uncertain),
    false,
  ]);

  const { totals } = await statistics(server.url);
  expect(totals.uncertain).toBe(2 * uncertain);
  expect(metricValue(await metricsText(server.url), COUNTER)).toBe(2 * uncertain);
  const charts = await fetch(`${server.url}/api/visualizations?window=1h`);
  const chart = ((await charts.json()) as VisualizationsResponse).charts.find(
    ({ id }) => id === 'uncertain',
  )!;
  const shares = chart.series[0]!.points.flatMap(([, share]) => share ?? []);
  expect(shares.length).toBeGreaterThan(0);
  expect(chart.title).toMatch(/^The model was not sure of \d+ % of pictures$/);
});
