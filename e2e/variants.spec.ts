import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startServer, type TestServer } from '../harness/server';
import { classifierOnnx } from '../harness/models/classifier';
import { SOUND_MODELS, writeModel } from '../harness/models/folders';
import { withRemark } from '../harness/models/onnx';
import { expect, test } from './support/test';

const ID = 'probabilities';

let modelsDir: string;
let server: TestServer;

test.beforeAll(async () => {
  modelsDir = await mkdtemp(path.join(tmpdir(), 'sightline-models-'));
  const folder = path.join(modelsDir, ID);
  const { onnx, ...rest } = SOUND_MODELS[ID]!;
  await writeModel(folder, { ...rest, onnx: withRemark(onnx, 'x'.repeat(200_000)) });
  const variants = {
    'model_fp16.onnx': withRemark(onnx, 'x'.repeat(50_000)),
    // The smallest, but of other weights.
    'model_quantized.onnx': classifierOnnx({ classes: 6, output: 'probabilities', seed: 99 }),
  };
  for (const [name, bytes] of Object.entries(variants)) {
    await writeFile(path.join(folder, 'onnx', name), bytes);
  }
  const command = ['--import', 'tsx', 'scripts/cli.ts', 'model', 'check', ID];
  execFileSync(process.execPath, command, { env: { ...process.env, MODELS_DIR: modelsDir } });
  server = await startServer({ MODELS_DIR: modelsDir, DEFAULT_MODEL: ID });
});

test.afterAll(async () => {
  await server.stop();
  await rm(modelsDir, { recursive: true });
});

test('the smallest file that agrees is what comes to this device, and is named', async ({
  classify,
  page,
}) => {
  const loaded: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('.onnx')) loaded.push(path.basename(request.url()));
  });
  await classify.open(server.url);
  await classify.choose('This device');
  await classify.choosePicture('public/samples/espresso.png');
  await classify.expectAnswer('On this device', /kind \d/);
  expect(loaded).toEqual(['model_fp16.onnx']);
  await classify.showTimes();
  await classify.showDevice();
  await expect(classify.answer.getByText(/^model_fp16\.onnx, 5\d\.\d kB$/)).toBeVisible();
  await expect(
    classify.answer.getByText(
      /^It runs with WebAssembly .* Loaded: model_fp16\.onnx, 5\d\.\d kB\.$/,
    ),
  ).toBeVisible();
});
