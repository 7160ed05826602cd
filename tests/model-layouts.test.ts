/** Graphs and folders as exporters leave them, on both runtimes. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rank } from '@/lib/shared/vision/answer';
import { imageToTensor } from '@/lib/shared/vision/tensor';
import { readModelFolder } from '@/lib/server/models/folder';
import {
  classifierOnnx,
  classifierWithData,
  type ClassifierShape,
} from '../harness/models/classifier';
import { configOf, writeModel } from '../harness/models/folders';
import { openBoth } from '../harness/models/runtimes';

let models: string;

beforeAll(async () => {
  models = await mkdtemp(path.join(tmpdir(), 'sightline-layouts-'));
});

afterAll(() => rm(models, { recursive: true }));

const SIDE = 28;
const size = { height: SIDE, width: SIDE };
const picture = {
  data: Uint8Array.from({ length: 40 * 30 * 3 }, (_, i) => (i * 7 + (i % 13) * 5) % 256),
  width: 40,
  height: 30,
  channels: 3,
} as const;

async function scoresOf(id: string): Promise<number[][]> {
  const both = await openBoth(path.join(models, id), id);
  const tensor = imageToTensor(picture, both.model.preprocessing);
  const outputs = [await both.server(tensor), await both.device(tensor)];
  await both.release();
  const count = both.model.labels.length;
  return outputs.map((output) =>
    rank(output, both.model, count)
      .predictions.sort((a, b) => a.index - b.index)
      .map(({ score }) => score),
  );
}

const shape: ClassifierShape = { classes: 6, height: SIDE, width: SIDE, seed: 9 };
const preprocessor = { size, do_normalize: false };

async function writeWith(id: string, external: string): Promise<void> {
  const { onnx, data } = classifierWithData({ ...shape, external });
  await writeModel(path.join(models, id), { config: configOf(6), preprocessor, onnx });
  await writeFile(path.join(models, id, 'onnx', path.basename(external)), data);
}

describe('weights in a file beside the model', () => {
  test.each(['model.onnx.data', 'model.onnx_data', 'model.onnx_data_1', 'flowers.bin'])(
    '%s is served on both runtimes',
    async (external) => {
      await writeModel(path.join(models, 'whole'), {
        config: configOf(6),
        preprocessor,
        onnx: classifierOnnx(shape),
      });
      const [expected] = await scoresOf('whole');
      await writeWith(external, external);
      const both = await scoresOf(external);
      for (const scores of both) {
        scores.forEach((score, i) => expect(score).toBeCloseTo(expected![i]!, 4));
      }
      const model = await readModelFolder(path.join(models, external), external);
      expect(model.deviceData.map((file) => file.path)).toEqual([`onnx/${external}`]);
      const whole = await readModelFolder(path.join(models, 'whole'), 'whole');
      expect(model.version).not.toBe(whole.version);
    },
  );

  test.each(['../secret.data', '/etc/passwd', 'model.exe'])('%s is refused', async (external) => {
    const id = 'refused';
    const { onnx } = classifierWithData({ ...shape, external });
    await writeModel(path.join(models, id), { config: configOf(6), preprocessor, onnx });
    await expect(readModelFolder(path.join(models, id), id)).rejects.toThrow(
      `expected a file onnx/${external}, because onnx/model.onnx keeps weights in it`,
    );
  });
});

describe('grey pictures', () => {
  test.each(['nchw', 'nhwc'] as const)('%s, by the weights of ITU-R 601', async (layout) => {
    const id = `grey-${layout}`;
    const config = { size, image_mean: [0.1307], image_std: [0.3081] };
    await writeModel(path.join(models, id), {
      config: configOf(6),
      preprocessor: config,
      onnx: classifierOnnx({ ...shape, channels: 1, layout }),
    });
    const both = await openBoth(path.join(models, id), id);
    const { width, height } = size;
    const exact = {
      data: picture.data.subarray(0, width * height * 3),
      width,
      height,
      channels: 3,
    } as const;
    const { data, dims } = imageToTensor(exact, both.model.preprocessing);
    await both.release();
    expect(dims).toEqual([1, 1, height, width]);
    data.forEach((value, i) => {
      const [r, g, b] = exact.data.subarray(i * 3, i * 3 + 3);
      const grey = Math.floor((r! * 19595 + g! * 38470 + b! * 7471 + 32768) / 65536);
      expect(value).toBeCloseTo((grey / 255 - 0.1307) / 0.3081, 4);
    });
    const [server, device] = await scoresOf(id);
    device!.forEach((score, i) => expect(score).toBeCloseTo(server![i]!, 4));
  });
});

test('a timm folder needs no preprocessor_config.json', async () => {
  const id = 'timm';
  const pretrained_cfg = {
    input_size: [3, SIDE, SIDE],
    crop_pct: 0.875,
    interpolation: 'bilinear',
  };
  const config = { ...configOf(6), pretrained_cfg };
  await mkdir(path.join(models, id), { recursive: true });
  await writeModel(path.join(models, id), { config, onnx: classifierOnnx(shape) });
  const { preprocessing } = await readModelFolder(path.join(models, id), id);
  expect(preprocessing.resize).toEqual({ kind: 'shortest-edge', edge: 32, filter: 'bilinear' });
  const [server, device] = await scoresOf(id);
  device!.forEach((score, i) => expect(score).toBeCloseTo(server![i]!, 4));
});

test("timm's config beside a graph with channels last is not taken for it", async () => {
  const id = 'tagger';
  const pretrained_cfg = { input_size: [3, SIDE, SIDE] };
  const config = { ...configOf(6), pretrained_cfg };
  await mkdir(path.join(models, id), { recursive: true });
  const onnx = classifierOnnx({ ...shape, layout: 'nhwc' });
  await writeModel(path.join(models, id), { config, onnx });
  await expect(readModelFolder(path.join(models, id), id)).rejects.toThrow(
    'expected a graph with channels first, as timm exports',
  );
});
