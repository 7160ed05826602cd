/** The pictures for `check`: the samples, and computed pictures with other content. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';

export interface Picture {
  readonly name: string;
  readonly bytes: Buffer;
}

type Paint = (x: number, y: number) => readonly [red: number, green: number, blue: number];

const SAMPLES = path.resolve(import.meta.dirname, '../../public/samples');

const MADE: readonly { name: string; width: number; height: number; paint: Paint }[] = [
  { name: 'grey', width: 64, height: 64, paint: () => [128, 128, 128] },
  { name: 'gradient', width: 320, height: 200, paint: (x, y) => [x * 0.8, y * 1.27, x ^ y] },
  {
    name: 'stripes',
    width: 300,
    height: 300,
    paint: (x) => (x % 22 < 11 ? [235, 220, 20] : [20, 20, 60]),
  },
  {
    name: 'squares',
    width: 256,
    height: 256,
    paint: (x, y) => (((x >> 5) + (y >> 5)) % 2 ? [240, 240, 240] : [180, 10, 30]),
  },
  { name: 'noise', width: 199, height: 301, paint: noise },
  { name: 'tall', width: 33, height: 500, paint: (x, y) => [y / 2, 255 - y / 2, x * 7] },
  { name: 'wide', width: 700, height: 40, paint: (x, y) => [40, x / 3, y * 6] },
];

/** A hash of the coordinates, equal in every run. */
function noise(x: number, y: number): readonly [number, number, number] {
  const hash = Math.imul(x * 374761393 + y * 668265263, 1274126177) >>> 0;
  return [hash & 255, (hash >>> 8) & 255, (hash >>> 16) & 255];
}

export async function checkPictures(): Promise<Picture[]> {
  const files = (await readdir(SAMPLES)).filter((file) => /\.(png|jpg)$/.test(file)).sort();
  const samples = files.map(async (name) => ({
    name,
    bytes: await readFile(path.join(SAMPLES, name)),
  }));
  return Promise.all([...samples, ...MADE.map(make)]);
}

async function make({ name, width, height, paint }: (typeof MADE)[number]): Promise<Picture> {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(paint(x, y), (y * width + x) * 3);
  }
  const image = sharp(data, { raw: { width, height, channels: 3 } });
  return { name, bytes: await image.png().toBuffer() };
}
