import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findPictures, toBatches } from './pictures';

test('pictures are found below the folder too, in the order of their names', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sightline-folder-'));
  try {
    await mkdir(path.join(folder, 'more'));
    for (const name of ['b.JPG', 'a.png', 'more/c.webp', 'notes.txt'])
      await writeFile(path.join(folder, name), 'xyz');
    const found = await findPictures(folder);
    expect(found.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['a.png', 3],
      ['b.JPG', 3],
      ['more/c.webp', 3],
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

const picture = (bytes: number) => ({ name: 'x', absolutePath: 'x', bytes });
const MIB = 1024 * 1024;

test.each([
  [Array<number>(70).fill(1), [32, 32, 6]],
  [
    [20 * MIB, 20 * MIB, 20 * MIB],
    [2, 1],
  ],
  [
    [100 * MIB, 1],
    [1, 1],
  ],
  [[], []],
])('a request holds no more than a server takes', (sizes, batches) => {
  expect(toBatches(sizes.map(picture)).map(({ length }) => length)).toEqual(batches);
});
