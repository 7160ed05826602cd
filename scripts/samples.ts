/** Draws the drawn sample pictures, and makes the thumbnails that the page lists. */
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';

const DRAWINGS = path.resolve(import.meta.dirname, 'samples');
const SAMPLES = path.resolve(import.meta.dirname, '../public/samples');
const SMALL = { width: 240, height: 160 };

for (const file of (await readdir(DRAWINGS)).sort()) {
  const name = path.parse(file).name;
  await sharp(path.join(DRAWINGS, file))
    .webp({ quality: 85 })
    .toFile(sample(`${name}.webp`));
}
await mkdir(sample('small'), { recursive: true });
for (const file of (await readdir(SAMPLES)).filter((name) => /\.(png|jpg|webp)$/.test(name))) {
  const small = sample('small', `${path.parse(file).name}.webp`);
  await sharp(sample(file)).resize(SMALL).webp({ quality: 75 }).toFile(small);
}

function sample(...names: string[]): string {
  return path.join(SAMPLES, ...names);
}
