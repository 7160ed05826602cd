import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startServer, type TestServer } from '../harness/server';
import { SOUND_MODELS, writeModel } from '../harness/models/folders';
import { withRemark } from '../harness/models/onnx';
import { makeFiles, ManyPage } from '../harness/pages/many-page';
import { expect, test } from './support/test';

const ID = 'probabilities';
const REMARK_BYTES = 51_000_000;

let modelsDir: string;
let server: TestServer;

test.beforeAll(async () => {
  modelsDir = await mkdtemp(path.join(tmpdir(), 'sightline-models-'));
  const { onnx, ...rest } = SOUND_MODELS[ID]!;
  const large = withRemark(onnx, 'x'.repeat(REMARK_BYTES));
  await writeModel(path.join(modelsDir, ID), { ...rest, onnx: large });
  server = await startServer({ MODELS_DIR: modelsDir, DEFAULT_MODEL: ID });
});

test.afterAll(async () => {
  await server.stop();
  await rm(modelsDir, { recursive: true });
});

test('a large model comes to this device only when the visitor says so, once', async ({
  classify,
  page,
}) => {
  const loaded: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('.onnx')) loaded.push(request.url());
  });
  await classify.open(server.url);
  await classify.choosePicture('public/samples/espresso.png');
  await classify.expectAnswer('On the server', /kind \d/);
  await expect(
    classify.answer.getByText(
      'The model is not on this device: it is large, 51.0 MB. When a picture needs it here, you are asked first.',
    ),
  ).toBeVisible();

  await classify.choose('This device');
  const question = classify.answer.getByText(
    'The model that answers on this device is large: 51.0 MB.',
  );
  await expect(question).toBeVisible();
  await classify.answer.getByRole('button', { name: 'Not now' }).click();
  await expect(classify.failure).toContainText('You did not want the large model here.');
  expect(loaded).toEqual([]);

  await classify.answer.getByRole('button', { name: 'Try again' }).click();
  await classify.answer.getByRole('button', { name: 'Load 51.0 MB' }).click();
  await classify.expectAnswer('On this device', /kind \d/, 30_000);
  expect(loaded).toHaveLength(1);

  await page.reload();
  await classify.choosePicture('public/samples/cat.png');
  await classify.expectAnswer('On this device', /kind \d/, 30_000);
  expect(loaded).toHaveLength(1);
});

test('a list is cancelled when a large model is declined, and continues when it is allowed', async ({
  page,
  classify,
}) => {
  const many = new ManyPage(page);
  await many.open(server.url);
  await classify.choose('This device');
  await many.choose(await makeFiles(3));
  const question = page.getByText('The model that answers on this device is large: 51.0 MB.');
  await expect(question).toBeVisible();
  await page.getByRole('button', { name: 'Not now' }).click();
  await expect(many.progress).toContainText('0 of 3 pictures answered, 3 cancelled');
  await expect(question).toBeHidden();

  await page.getByRole('button', { name: 'Try 3 again' }).click();
  await page.getByRole('button', { name: 'Load 51.0 MB' }).click();
  await many.expectDone('3 of 3 pictures answered');
});
