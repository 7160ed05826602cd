import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadModel, type LoadedModel } from '@/lib/server/inference/session';
import { readModelFolder } from '@/lib/server/models/folder';
import { softmax } from '@/lib/shared/vision/ranking';
import { calibrationOf } from '@/lib/shared/model/evaluation';
import { findPoolingTail } from '@/lib/shared/model/pooling-tail';
import { imageToTensor } from '@/lib/shared/vision/tensor';
import { createSession } from '@/lib/worker/session';
import { classifierOnnx } from '../harness/models/classifier';
import {
  BROKEN_MODELS,
  BENT_TAIL,
  SOUND_MODELS,
  TAILS,
  writeModel,
  type FolderContent,
} from '../harness/models/folders';

let models: string;

beforeAll(async () => {
  models = await mkdtemp(path.join(tmpdir(), 'sightline-models-'));
});

afterAll(() => rm(models, { recursive: true }));

async function load(id: string, content: Partial<FolderContent>): Promise<LoadedModel> {
  const directory = path.join(models, id);
  await writeModel(directory, content);
  const { labels, ...folder } = await readModelFolder(directory, id);
  return loadModel({ ...folder, classCount: labels.length });
}

const arrayBuffer = async (file: string) => new Uint8Array(await readFile(file)).buffer;

/** The browser's own code, with its WebAssembly, here. */
async function loadForWeb({ onnxFile, preprocessing, classCount, head }: LoadedModel) {
  const { resolve } = createRequire(import.meta.url);
  return createSession({
    kind: 'load',
    backend: 'wasm',
    scriptUrl: pathToFileURL(resolve('onnxruntime-web/ort-wasm-simd-threaded.mjs')).href,
    wasmBinary: await arrayBuffer(resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm')),
    modelBytes: await arrayBuffer(onnxFile),
    threads: 1,
    preprocessing,
    head,
    labels: Array.from({ length: classCount }, (_, i) => `kind ${i}`),
    calibration: calibrationOf(undefined),
  });
}

/** A picture that is the same wherever it is made. */
const picture = {
  data: Uint8Array.from({ length: 120 * 90 * 3 }, (_, i) => (i * 7 + Math.floor(i / 360)) % 256),
  width: 120,
  height: 90,
  channels: 3,
} as const;

const signatures: Record<string, object> = {
  'vit-squash': { layout: 'nchw', type: 'float32', shape: [-1, -1, -1, -1] },
  'convnext-crop-pct': { layout: 'nchw', type: 'float32', shape: [-1, 3, 224, 224] },
  'resnet-nhwc-uint8': { layout: 'nhwc', type: 'uint8', shape: [-1, 96, 96, 3] },
  probabilities: { layout: 'nchw', type: 'float32', shape: [-1, 3, -1, -1] },
  'fixed-batch': { layout: 'nchw', type: 'float32', shape: [1, 3, 48, 80] },
  'half-precision': { layout: 'nchw', type: 'float16', shape: [-1, 3, -1, -1] },
};

describe.each(Object.entries(SOUND_MODELS))('%s', (id, content) => {
  test('runs on both runtimes with the same answer', async () => {
    const model = await load(id, content);
    expect(model.signature.input).toMatchObject(signatures[id]!);
    expect(model.signature.head.scores).toBe(id === 'probabilities' ? 'probabilities' : 'logits');
    const tensor = imageToTensor(picture, model.preprocessing);
    const [logits] = await model.graph.runPrepared(tensor, [model.signature.logits]);
    const server = softmax(logits!.data);
    const browser = softmax((await (await loadForWeb(model)).run(tensor)).logits);
    expect(browser).toHaveLength(model.classCount);
    server.forEach((score, i) => expect(browser[i]).toBeCloseTo(score, 3));
    await model.release();
  });
});

/** Mean over the places of each class. */
function meansOf({ data, dims }: { data: Float32Array; dims: readonly number[] }): number[] {
  const [, classes = 0, height = 0, width = 0] = dims;
  const places = height * width;
  return Array.from(
    { length: classes },
    (_, i) => data.subarray(i * places, (i + 1) * places).reduce((a, b) => a + b, 0) / places,
  );
}

describe.each(Object.entries({ ...TAILS, ...SOUND_MODELS }))('the end of %s', (id, content) => {
  test('gives class activations, the same on both runtimes', async () => {
    const model = await load(`tail-${id}`, content);
    const web = await loadForWeb(model);
    expect(model.signature.hasActivations).toBe(true);
    expect(model.signature.outputs).toHaveLength(1);
    const [first, second] = await Promise.all(
      [picture, { ...picture, data: picture.data.toReversed() }].map(async (shown) => {
        const tensor = imageToTensor(shown, model.preprocessing);
        const names = [model.signature.logits, 'class_activations'];
        const [logits, activations] = await model.graph.runPrepared(tensor, names);
        const onDevice = await web.run(tensor, { activations: true });
        expect(onDevice.activations!.dims).toEqual(activations!.dims);
        activations!.data.forEach((value, i) =>
          expect(onDevice.activations!.data[i]).toBeCloseTo(value, 2),
        );
        // What is left of a logit is the bias and, of probabilities, what all classes have alike.
        const rest = meansOf(activations!).map((mean, i) => logits!.data[i]! - mean);
        return rest.map((value) => value - rest[0]!);
      }),
    );
    first!.forEach((value, i) => expect(second![i]).toBeCloseTo(value, 2));
    expect(
      (await web.run(imageToTensor(picture, model.preprocessing))).activations,
    ).toBeUndefined();
    await model.release();
  });
});

test('where something bends between mean and classes, no class activations are claimed', async () => {
  const model = await load('bent-tail', BENT_TAIL);
  expect(model.signature.hasActivations).toBe(false);
  await model.release();
});

test('the shipped model has class activations as an output, not from its end', async () => {
  const bytes = await readFile('models/tiny-imagenet-200/onnx/model.onnx');
  expect(findPoolingTail(bytes)).toBeUndefined();
});

const sameWeights = (output: 'logits' | 'probabilities') =>
  classifierOnnx({ classes: 6, output, seed: 21 });

test('probabilities are the same whether the graph or the pipeline does the softmax', async () => {
  const scoresOf = async (output: 'logits' | 'probabilities') => {
    const model = await load(`as-${output}`, {
      ...SOUND_MODELS.probabilities!,
      onnx: sameWeights(output),
    });
    expect(model.signature.head.scores).toBe(output);
    const tensor = imageToTensor(picture, model.preprocessing);
    const [scores] = await model.graph.runPrepared(tensor, [model.signature.logits]);
    return softmax(scores!.data);
  };
  const wanted = await scoresOf('logits');
  const given = await scoresOf('probabilities');
  given.forEach((score, i) => expect(score).toBeCloseTo(wanted[i]!, 5));
});

test.each(Object.entries(BROKEN_MODELS))(
  '%s is refused with its own sentence',
  async (id, { says, ...content }) => {
    await expect(load(id, content)).rejects.toThrow(says);
  },
);

test('no two broken folders are refused with the same sentence', () => {
  const sentences = Object.values(BROKEN_MODELS).map(({ says }) => says);
  expect(new Set(sentences).size).toBe(sentences.length);
  expect(sentences.length).toBeGreaterThanOrEqual(10);
});
