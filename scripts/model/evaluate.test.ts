import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readModelFolder } from '../../lib/server/models/folder';
import { evaluate } from './evaluate';
import { classifierOnnx } from '@/harness/models/classifier';
import { configOf, writeModel } from '@/harness/models/folders';
import { contextOf, copyShipped, makeFolder } from './testing';

/** Classes given by name, by synset and by index, and one file that is not a picture. */
const PICTURES = {
  'cat.png': 'tabby',
  'espresso.png': 'n07920052',
  'rocket.jpg': '124',
} as const;

let root: string;
let images: string;

beforeAll(async () => {
  root = await makeFolder();
  images = path.join(root, 'labelled');
  for (const [file, folder] of Object.entries(PICTURES)) {
    await mkdir(path.join(images, folder), { recursive: true });
    await copyFile(path.join('public/samples', file), path.join(images, folder, file));
  }
  await writeFile(path.join(images, 'tabby', 'broken.png'), 'no picture');
  return () => rm(root, { recursive: true });
});

describe('evaluate', () => {
  let printed: string;
  let folder: string;

  beforeAll(async () => {
    const models = path.join(root, 'models');
    folder = await copyShipped(models, 'tiny');
    const context = contextOf(models);
    await evaluate.run(context, ['tiny'], { images, name: 'Three samples' });
    printed = context.printed();
  });

  test('measures what the server would answer', async () => {
    const { evaluation } = await readModelFolder(folder, 'tiny');
    const obelisk = 124;
    expect(evaluation).toMatchObject({
      schema: 1,
      dataset: 'Three samples',
      images: 3,
      unreadable: 1,
      accuracy: { top1: 1, top5: 1 },
      perClass: [
        { label: 'tabby, tabby cat', support: 1 },
        { index: obelisk, support: 1, recall: 1, precision: 1, f1: 1 },
        { index: 193, label: 'espresso', synset: 'n07920052', support: 1 },
      ],
      mostConfused: [],
    });
    expect(evaluation?.baseline?.labels).toHaveLength(200);
    // Three pictures are too few to fit a bound.
    expect(evaluation).not.toHaveProperty('uncertainty');
  });

  test('writes the figures for people too, and leaves nothing else behind', async () => {
    const page = await readFile(path.join(folder, 'EVALUATION.md'), 'utf8');
    expect(page).toContain('# Evaluation of tiny');
    expect(page).toMatch(/\| first label right +\| 100\.0 % /);
    expect(page).toMatch(/\| espresso +\| 1 +\| 100\.0 % +\| 100\.0 % +\| 1\.000 \|/);
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('tells the reader, and names the picture that is none', () => {
    expect(printed).toMatch(/Left out: .*broken\.png: The picture is broken/);
    expect(printed).toMatch(/first label right +100\.0 %/);
  });
});

test('without pictures nothing is evaluated', async () => {
  await expect(evaluate.run(contextOf(root), ['tiny'], {})).rejects.toThrow('expected --images');
});

test('labels by themselves have a mean average precision, and several a picture', async () => {
  const models = path.join(root, 'several');
  const folder = path.join(models, 'tags');
  await writeModel(folder, {
    config: { ...configOf(4), problem_type: 'multi_label_classification' },
    preprocessor: { size: 64, do_normalize: false },
    onnx: classifierOnnx({ classes: 4, seed: 3 }),
  });
  const csv = path.join(root, 'tags.csv');
  const lines = [
    'path,labels',
    'cat.png,kind 0;kind 2',
    'espresso.png,kind 2,kind 3',
    'rocket.jpg,',
  ];
  for (const file of Object.keys(PICTURES)) {
    await copyFile(path.join('public/samples', file), path.join(root, file));
  }
  await writeFile(csv, lines.join('\n'));
  const context = contextOf(models);
  await evaluate.run(context, ['tags'], { images: csv });
  const { evaluation } = await readModelFolder(folder, 'tags');
  expect(evaluation?.accuracy).toBeUndefined();
  expect(evaluation?.meanAveragePrecision).toBeGreaterThan(0);
  expect(evaluation?.perClass?.map(({ index, support }) => [index, support])).toEqual([
    [0, 1],
    [2, 2],
    [3, 1],
  ]);
  expect(context.printed()).toContain('mean average precision');
  expect(await readFile(path.join(folder, 'EVALUATION.md'), 'utf8')).toContain('## Each label');
});
