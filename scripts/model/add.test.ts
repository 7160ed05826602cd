import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readModelFolder } from '../../lib/server/models/folder';
import { add } from './add';
import type { Options } from './command';
import { contextOf, makeFolder, SHIPPED } from './testing';
import { cropStart } from '@/lib/shared/vision/crop';
import { classifierGraph, classifierOnnx, classifierWithData } from '@/harness/models/classifier';
import { writeOnnx } from '@/harness/models/onnx';

const ONNX = path.join(SHIPPED, 'onnx/model.onnx');
const LABELS = Array.from({ length: 200 }, (_, i) => `label ${i}`);

let root: string;
let models: string;

beforeEach(async () => {
  root = await makeFolder();
  models = path.join(root, 'models');
  return () => rm(root, { recursive: true });
});

async function write(name: string, text: string): Promise<string> {
  const file = path.join(root, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

async function addToModels(
  source: string,
  options: Options,
  signal?: AbortSignal,
): Promise<string> {
  const context = contextOf(models, signal);
  await add.run(context, [source], options);
  return context.printed();
}

const installed = () => readdir(models).catch(() => []);

describe('add', () => {
  test('a folder of the layout, with what the layout has and nothing else', async () => {
    const source = path.join(root, 'pets');
    await cp(SHIPPED, source, { recursive: true });
    await write('pets/.env', 'KEY=1');
    await write('pets/pytorch_model.bin', 'x');
    const printed = await addToModels(source, {});
    expect(printed).toContain('200 classes, version 71b9a56b3a2d');
    expect(printed).toContain('npm run model -- check pets');
    expect((await readdir(path.join(models, 'pets'))).sort()).toEqual([
      'EVALUATION.md',
      'README.md',
      'config.json',
      'evaluation.json',
      'onnx',
      'preprocessor_config.json',
      'synsets.txt',
    ]);
    expect(await installed()).toEqual(['pets']);
  });

  test('a folder as exporters write it', async () => {
    const source = path.join(root, 'exported');
    await mkdir(source);
    for (const file of ['config.json', 'preprocessor_config.json']) {
      await copyFile(path.join(SHIPPED, file), path.join(source, file));
    }
    await copyFile(ONNX, path.join(source, 'model.onnx'));
    await addToModels(source, { id: 'mine' });
    expect((await readModelFolder(path.join(models, 'mine'), 'mine')).version).toBe('71b9a56b3a2d');
  });

  test.each([
    ['labels.txt', `${LABELS.join('\r\n')}\r\n`],
    ['labels.json', JSON.stringify(LABELS)],
    ['id2label.json', JSON.stringify(Object.fromEntries(LABELS.map((label, i) => [i, label])))],
    ['indices.json', JSON.stringify(Object.fromEntries(LABELS.map((label, i) => [label, i])))],
  ])('a lone file, with labels from %s and a preset', async (name, text) => {
    const labels = await write(name, text);
    await addToModels(ONNX, { id: 'alone', labels, preset: 'imagenet' });
    const model = await readModelFolder(path.join(models, 'alone'), 'alone');
    expect(model.labels).toEqual(LABELS);
    // The graph takes 64 × 64 pixels.
    expect(model.preprocessing).toMatchObject({
      resize: { kind: 'shortest-edge', edge: 73, filter: 'bilinear' },
      crop: { width: 64, height: 64 },
      normalization: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    });
  });

  test.each([
    ['clip', { filter: 'bicubic' }, 0.48145466],
    ['inception', { width: 64, height: 64 }, 0.5],
  ])('the preset %s', async (preset, resize, mean) => {
    const labels = await write('labels.txt', LABELS.join('\n'));
    await addToModels(ONNX, { id: 'x', labels, preset });
    const { preprocessing } = await readModelFolder(path.join(models, 'x'), 'x');
    expect(preprocessing.resize).toMatchObject(resize);
    expect(preprocessing.normalization?.mean[0]).toBe(mean);
  });

  test.each([
    ['unit', 1 / 255],
    ['none', 1],
  ])('the preset %s', async (preset, rescaleFactor) => {
    const labels = await write('labels.txt', LABELS.join('\n'));
    await addToModels(ONNX, { id: 'x', labels, preset });
    const { preprocessing } = await readModelFolder(path.join(models, 'x'), 'x');
    expect(preprocessing).toMatchObject({ rescaleFactor, normalization: null });
  });
});

describe('layouts of the wild', () => {
  const LAYOUTS: [string, (onnx: Uint8Array) => Promise<Options>][] = [
    [
      "Triton's",
      async (onnx) => {
        await writeBytes('found/1/model.onnx', classifierOnnx({ classes: 7 }));
        await writeBytes('found/2/model.onnx', onnx);
        await write(
          'found/config.pbtxt',
          'output [ { name: "logits" label_filename: "kinds.txt" } ]',
        );
        await write('found/kinds.txt', 'a\nb\nc');
        return {};
      },
    ],
    [
      "TorchServe's",
      async (onnx) => {
        await writeBytes('found/net.onnx', onnx);
        await write(
          'found/index_to_name.json',
          '{"0": ["n1", "a"], "1": ["n2", "b"], "2": ["n3", "c"]}',
        );
        return {};
      },
    ],
    [
      'only a quantized file',
      async (onnx) => {
        await writeBytes('found/onnx/model_quantized.onnx', onnx);
        await write('found/config.json', '{"id2label": {"0": "a", "1": "b", "2": "c"}}');
        return {};
      },
    ],
    [
      'a file that is named',
      async (onnx) => {
        await writeBytes('found/onnx/model.onnx', classifierOnnx({ classes: 7 }));
        await writeBytes('found/onnx/model_quantized.onnx', onnx);
        await write('found/labels.txt', '0 a\n1 b\n2 c\n');
        return { file: 'onnx/model_quantized.onnx' };
      },
    ],
  ];

  async function writeBytes(name: string, bytes: Uint8Array): Promise<void> {
    await writeFile(await write(name, ''), bytes);
  }

  test.each(LAYOUTS)('%s', async (_, lay) => {
    const options = await lay(classifierOnnx({ classes: 3, height: 32, width: 32 }));
    await addToModels(path.join(root, 'found'), { preset: 'unit', ...options });
    const { labels } = await readModelFolder(path.join(models, 'found'), 'found');
    expect(labels).toEqual(['a', 'b', 'c']);
  });

  test('weights beside the model come along', async () => {
    const external = 'net.onnx.data';
    const { onnx, data } = classifierWithData({ classes: 3, height: 32, width: 32, external });
    await writeBytes('net.onnx', onnx);
    await writeBytes(external, data);
    const labels = await write('l', 'a\nb\nc');
    await addToModels(path.join(root, 'net.onnx'), { labels, preset: 'unit' });
    expect(await readdir(path.join(models, 'net/onnx'))).toEqual(['model.onnx', external]);
  });

  test.each([
    ['model.onnx', 'model.onnx.data'],
    ['model.onnx', 'model.onnx_data'],
    ['onnx/model.onnx', 'onnx/model.onnx_data'],
  ])('a folder with %s and %s is installed whole', async (name, external) => {
    const shape = { classes: 3, height: 32, width: 32, external: path.basename(external) };
    const { onnx, data } = classifierWithData(shape);
    await writeBytes(`found/${name}`, onnx);
    await writeBytes(`found/${external}`, data);
    await write('found/labels.txt', 'a\nb\nc');
    await addToModels(path.join(root, 'found'), { preset: 'unit' });
    const { deviceData } = await readModelFolder(path.join(models, 'found'), 'found');
    expect(deviceData.map(({ bytes }) => bytes)).toEqual([data.byteLength]);
  });

  test("Custom Vision's metadata says how pictures are prepared", async () => {
    const shape = { classes: 3, height: 32, width: 32, output: 'loss', zipMap: ['a', 'b', 'c'] };
    const metadata = {
      'Image.BitmapPixelFormat': 'Bgr8',
      'Image.NominalPixelRange': 'NominalRange_0_255',
    };
    const graph = classifierGraph({ ...shape, activation: 'Softmax' });
    await writeBytes('vision.onnx', writeOnnx({ ...graph, metadata }));
    const printed = await addToModels(path.join(root, 'vision.onnx'), {});
    expect(printed).toContain('blue, green, red (preset custom-vision)');
    const { preprocessing } = await readModelFolder(path.join(models, 'vision'), 'vision');
    expect(preprocessing).toMatchObject({ isBgr: true, rescaleFactor: 1, normalization: null });
  });

  // A picture of 640 × 427 is resized to 383 × 256; the crop begins at 79.5, which is rounded.
  test.each([
    ['imagenet', 80],
    ['timm', 80],
    ['clip', 79],
  ])('the preset %s crops from column %i on, as its library does', async (preset, left) => {
    await writeBytes('crop.onnx', classifierOnnx({ classes: 3 }));
    const labels = await write('l', 'a\nb\nc');
    await addToModels(path.join(root, 'crop.onnx'), { labels, preset });
    const { preprocessing } = await readModelFolder(path.join(models, 'crop'), 'crop');
    expect(cropStart(383, 224, preprocessing.cropRounding)).toBe(left);
  });

  test('labels in UTF-16 and with Windows line ends are read', async () => {
    await writeBytes('wide.onnx', classifierOnnx({ classes: 3, height: 32, width: 32 }));
    await writeBytes('wide.txt', Buffer.from('\uFEFFäpfel\r\nbirnen\r\nnüsse\r\n', 'utf16le'));
    const labels = path.join(root, 'wide.txt');
    await addToModels(path.join(root, 'wide.onnx'), { labels, preset: 'unit' });
    const model = await readModelFolder(path.join(models, 'wide'), 'wide');
    expect(model.labels).toEqual(['äpfel', 'birnen', 'nüsse']);
  });

  test('ZipMap is cut off, its labels are taken, and what was understood is printed', async () => {
    const zipMap = ['über', 'b', 'c'];
    const shape = { classes: 3, height: 32, width: 32, seed: 4, activation: 'Softmax' } as const;
    await writeBytes('zip.onnx', classifierOnnx({ ...shape, output: 'loss', zipMap }));
    const printed = await addToModels(path.join(root, 'zip.onnx'), { preset: 'unit' });
    expect(printed).toContain(
      'classes that exclude each other: probabilities of output "raw_scores"',
    );
    expect(printed).toContain('3: über · b · c (ZipMap)');
    expect(printed).toContain('to 32 × 32, bilinear (preset unit)');
    const { labels, head } = await readModelFolder(path.join(models, 'zip'), 'zip');
    expect(labels).toEqual(zipMap);
    expect(head).toMatchObject({ kind: 'single-label', output: 'raw_scores' });
  });

  test('the positive label of one output is kept in the folder', async () => {
    await writeBytes('fake.onnx', classifierOnnx({ classes: 1, height: 32, width: 32 }));
    const labels = await write('l', 'real\nfake');
    await addToModels(path.join(root, 'fake.onnx'), { labels, preset: 'unit', positive: 'real' });
    const { head } = await readModelFolder(path.join(models, 'fake'), 'fake');
    expect(head).toMatchObject({ kind: 'binary', positive: 0 });
  });
});

type Case = [source: string, options: Options];

describe('fails with one sentence, and leaves no files behind', () => {
  const labels = () => write('labels.txt', LABELS.join('\n'));

  test.each<[string, () => Case | Promise<Case>, RegExp]>([
    ['no such file', () => [path.join(root, 'nowhere'), {}], /^There is no folder or file/],
    [
      'no model in a folder',
      async () => [path.dirname(await write('empty/x.txt', 'x')), {}],
      /to hold onnx\/model\.onnx or model\.onnx, but it is missing$/,
    ],
    ['no ONNX', async () => [await write('x.pt', 'x'), {}], /ends with \.onnx, received .*x\.pt$/],
    ['no labels', () => [ONNX, { id: 'x' }], /^expected --labels FILE, because/],
    [
      'no preset',
      async () => [ONNX, { id: 'x', labels: await labels() }],
      /^expected --preset NAME, because .* one of imagenet, clip, /,
    ],
    [
      'an unknown preset',
      async () => [ONNX, { id: 'x', labels: await labels(), preset: 'best' }],
      /^expected --preset to be one of .*, received best$/,
    ],
    [
      'too few labels',
      async () => [ONNX, { id: 'x', labels: await write('l', 'a\nb'), preset: 'unit' }],
      /^This model cannot be served: .*2 classes.*200/,
    ],
    [
      'labels with a gap',
      async () => [ONNX, { id: 'x', labels: await write('l', '{"0":"a","2":"b"}') }],
      /^expected l to be a list of labels/,
    ],
    [
      'a file that is no model',
      async () => [await write('x.onnx', 'x'), { labels: await labels(), preset: 'unit' }],
      /^This model cannot be loaded: it is a text: “x”; download the file itself\.$/,
    ],
    [
      'a model that is cut short',
      async () => {
        const onnx = classifierOnnx({ classes: 2 });
        await writeFile(await write('half.onnx', ''), onnx.subarray(0, onnx.length / 2));
        return [path.join(root, 'half.onnx'), { labels: await labels(), preset: 'unit' }];
      },
      /^This model cannot be loaded: its bytes are no whole ONNX model; copy or download it again/,
    ],
    [
      'an operator that the runtime does not have',
      async () => {
        const graph = classifierGraph({ classes: 2, output: 'raw' });
        const own = { op: 'Mine', domain: 'ai.onnx.ml', inputs: ['raw'], output: 'scores' };
        const outputs = [{ name: 'scores', type: 'float32' } as const];
        const onnx = writeOnnx({ ...graph, nodes: [...graph.nodes, own], outputs });
        await writeFile(await write('own.onnx', ''), onnx);
        return [path.join(root, 'own.onnx'), { labels: await labels(), preset: 'unit' }];
      },
      /^This model cannot be loaded: onnxruntime does not have the operator Mine in version 3 of its domain; export/,
    ],
    [
      'an opset of the future',
      async () => {
        const onnx = writeOnnx({ ...classifierGraph({ classes: 2 }), opset: 99 });
        await writeFile(await write('new.onnx', ''), onnx);
        return [path.join(root, 'new.onnx'), { labels: await labels(), preset: 'unit' }];
      },
      /^This model cannot be loaded: it has opset 99; export it with \d+ or lower\.$/,
    ],
    [
      'weights that are cut short',
      async () => {
        const { onnx, data } = classifierWithData({ classes: 2, external: 'z.onnx.data' });
        await writeFile(await write('z.onnx', ''), onnx);
        await writeFile(await write('z.onnx.data', ''), data.subarray(0, 20));
        return [path.join(root, 'z.onnx'), { labels: await labels(), preset: 'unit' }];
      },
      /^This model cannot be loaded: the file with its weights ends before those of ".*"; copy/,
    ],
    [
      'a file of PyTorch',
      async () => [await write('net.pt', 'PK\u0003\u0004'.padEnd(30) + 'net/data.pkl'), {}],
      /^expected a folder or a file that ends with \.onnx, received .*net\.pt: it is a file of PyTorch/,
    ],
    [
      'a folder with the weights of another framework',
      async () => [path.dirname(await write('hub/model.safetensors', 'x')), {}],
      /but it is missing; model\.safetensors is none: export it to ONNX \(docs\/models\.md\)$/,
    ],
    [
      "labels in another order than ZipMap's",
      async () => {
        const shape = { classes: 3, height: 32, width: 32, activation: 'Softmax' } as const;
        const onnx = classifierOnnx({ ...shape, zipMap: ['a', 'b', 'c'] });
        await writeFile(await write('zip.onnx', ''), onnx);
        return [
          path.join(root, 'zip.onnx'),
          { labels: await write('l', 'c\nb\na'), preset: 'unit' },
        ];
      },
      /^expected l to have the order of the output, which is a, b, c by the ZipMap .* it has c, b, a$/,
    ],
    [
      'weights that are not there',
      async () => {
        const { onnx } = classifierWithData({ classes: 2, external: 'y.onnx.data' });
        const file = await write('y.onnx', '');
        await writeFile(file, onnx);
        return [file, { labels: await write('l', 'a\nb'), preset: 'unit' }];
      },
      /^y\.onnx keeps weights in "y\.onnx\.data", which is not beside it/,
    ],
    [
      'several ONNX files',
      async () => {
        await write('two/a.onnx', 'x');
        return [path.dirname(await write('two/b.onnx', 'x')), {}];
      },
      /^expected --file NAME, because .* holds no model\.onnx but a\.onnx, b\.onnx$/,
    ],
    [
      'a file that is not in the folder',
      async () => [path.dirname(await write('one/a.onnx', 'x')), { file: 'b.onnx' }],
      /^expected --file to be one of a\.onnx, received b\.onnx$/,
    ],
    [
      'one label for one output',
      async () => {
        const file = await write('z.onnx', '');
        await writeFile(file, classifierOnnx({ classes: 1 }));
        return [file, { labels: await write('l', 'real'), preset: 'unit' }];
      },
      /^This model cannot be served: expected at least two labels/,
    ],
    [
      'a threshold that is none',
      async () => [ONNX, { labels: await labels(), preset: 'unit', threshold: '2' }],
      /^expected --threshold to be a number from 0 to 1, received 2$/,
    ],
    ['an id that is a path', () => [SHIPPED, { id: '../x' }], /^expected --id to be letters/],
  ])('%s', async (_, make, message) => {
    const [source, options] = await make();
    await expect(addToModels(source, options)).rejects.toThrow(message);
    expect(await installed()).toEqual([]);
  });

  test('an id that is taken', async () => {
    await write('models/taken/config.json', '{}');
    await expect(addToModels(SHIPPED, { id: 'taken' })).rejects.toThrow(/exists already/);
    expect(await readFile(path.join(models, 'taken/config.json'), 'utf8')).toBe('{}');
    expect(await installed()).toEqual(['taken']);
  });

  test('Ctrl-C', async () => {
    const stopped = AbortSignal.abort();
    await expect(addToModels(SHIPPED, {}, stopped)).rejects.toThrow('nothing was installed');
    expect(await installed()).toEqual([]);
  });
});
