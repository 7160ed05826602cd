import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readModelFolder } from '../../lib/server/models/folder';
import { add } from './add';
import type { Options } from './command';
import { contextOf, makeFolder, SHIPPED } from './testing';

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
    // The graph takes 64 × 64.
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

type Case = [source: string, options: Options];

describe('what is wrong is said in a sentence, and nothing is left behind', () => {
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
      /^This model cannot be loaded: /,
    ],
    [
      'weights kept apart',
      async () => {
        await write('y.onnx.data', 'x');
        return [await write('y.onnx', 'x'), {}];
      },
      /^y\.onnx keeps its weights apart, in y\.onnx\.data\./,
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
