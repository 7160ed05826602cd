import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { classFinder, readLabelled } from './labelled';
import { makeFolder } from './testing';

const CLASSES = [
  { label: 'tabby, tabby cat', synset: 'n02123045' },
  { label: 'golden retriever', synset: 'n02099601' },
  { label: 'crane, machine', synset: 'n03126707' },
  { label: 'crane, bird', synset: 'n02012849' },
];

describe('classFinder', () => {
  const find = classFinder(CLASSES);

  test.each([
    ['tabby, tabby cat', 0],
    ['tabby', 0],
    ['Golden_Retriever', 1],
    ['n02012849', 3],
    ['2', 2],
  ])('%s', (name, index) => expect(find(name)).toBe(index));

  test.each(['crane', '4', '', 'cat'])('%j is no class, or more than one', (name) => {
    expect(find(name)).toBeUndefined();
  });

  test('labels that are numbers are labels, not indices', () => {
    expect(classFinder([{ label: '1' }, { label: '0' }])('0')).toBe(1);
  });
});

describe('readLabelled', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await makeFolder();
    const files = ['tabby/b.JPEG', 'tabby/a.png', 'tabby/notes.txt', '1/images/c.webp', '.x/d.png'];
    for (const file of files) {
      await mkdir(path.join(folder, 'good', path.dirname(file)), { recursive: true });
      await writeFile(path.join(folder, 'good', file), '');
    }
    await mkdir(path.join(folder, 'foreign/zebra'), { recursive: true });
    await mkdir(path.join(folder, 'empty/tabby'), { recursive: true });
    return () => rm(folder, { recursive: true });
  });

  const csv = async (text: string) => {
    const file = path.join(folder, 'list.csv');
    await writeFile(file, text);
    return readLabelled(file, CLASSES);
  };

  test('class folders, in the order of their names, pictures only', async () => {
    const good = path.join(folder, 'good');
    expect(await readLabelled(good, CLASSES)).toEqual([
      { file: path.join(good, '1/images/c.webp'), label: 1 },
      { file: path.join(good, 'tabby/a.png'), label: 0 },
      { file: path.join(good, 'tabby/b.JPEG'), label: 0 },
    ]);
  });

  test('a CSV in its own order, with a first line or without, quoted or not', async () => {
    const expected = [
      { file: path.join(folder, 'good/tabby/b.JPEG'), label: 0 },
      { file: path.join(folder, 'good/1/images/c.webp'), label: 1 },
    ];
    const lines = 'good/tabby/b.JPEG,"tabby, tabby cat"\r\ngood/1/images/c.webp,n02099601\r\n';
    expect(await csv(`path,label\r\n${lines}`)).toEqual(expected);
    expect(await csv(lines)).toEqual(expected);
  });

  test.each([
    ['foreign', /expected each folder to name a class .*, received "zebra"$/],
    ['empty', /expected at least 2 pictures .*, received 0$/],
    ['nowhere', /nowhere cannot be read/],
  ])('says what is wrong with %s', async (name, message) => {
    await expect(readLabelled(path.join(folder, name), CLASSES)).rejects.toThrow(message);
  });

  test('says which lines of a CSV are wrong', async () => {
    await expect(csv('a.png,zebra\nb.png,lion\nc.png,1')).rejects.toThrow('"zebra", "lion"');
    await expect(csv('a.png,1\ngood/tabby/a.png,0')).rejects.toThrow(
      /1 pictures .*are missing: .*a\.png\./,
    );
  });
});
