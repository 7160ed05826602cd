/** Makes varied pictures from the samples and by computation, the same in every run. */
import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';

export interface TestPicture {
  readonly name: string;
  readonly bytes: Buffer;
}

const sample = (file: string) => sharp(`public/samples/${file}`);

/**
 * Noise from a linear congruential generator (parameters of Numerical Recipes), the same for each
 * seed.
 */
function noiseBytes(count: number, seed: number): Buffer {
  const bytes = Buffer.alloc(count);
  let state = seed;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

function raw(data: Buffer, width: number, height: number, channels: 1 | 3 | 4 = 3): Sharp {
  return sharp(data, { raw: { width, height, channels } });
}

function gradient(width: number, height: number): Sharp {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      data[at] = Math.round((255 * x) / width);
      data[at + 1] = Math.round((255 * y) / height);
      data[at + 2] = (x ^ y) & 255;
    }
  }
  return raw(data, width, height);
}

const noise = (width: number, height: number, seed: number) =>
  raw(noiseBytes(width * height * 3, seed), width, height);

function stripes(width: number, height: number, period: number): Sharp {
  const data = Buffer.alloc(width * height);
  for (let i = 0; i < data.length; i++) data[i] = Math.floor((i % width) / period) % 2 ? 235 : 20;
  return raw(data, width, height, 1);
}

/** A disc on a transparent background, with a half-transparent edge. */
function disc(size: number): Sharp {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">
    <circle cx="50%" cy="50%" r="40%" fill="#c33" fill-opacity=".6"/></svg>`;
  return sharp(Buffer.from(svg));
}

/** A picture of twelve megapixels with fine detail: an enlarged sample with noise on top. */
async function twelveMegapixels(file: string): Promise<Sharp> {
  const grain = await noise(1000, 750, 7)
    .resize(4000, 3000)
    .png({ compressionLevel: 1 })
    .toBuffer();
  return sample(file)
    .resize(4000, 3000, { fit: 'fill' })
    .removeAlpha()
    .composite([{ input: grain, blend: 'soft-light' }]);
}

function recipes(): Record<string, () => Sharp | Promise<Sharp>> {
  const list: Record<string, () => Sharp | Promise<Sharp>> = {
    'cat.png': () => sample('cat.png').png(),
    'cat-gray.png': () => sample('cat.png').grayscale().png(),
    'cat-palette.png': () => sample('cat.png').png({ palette: true, colours: 64 }),
    'cat-16-bit.png': () => sample('cat.png').toColourspace('rgb16').png(),
    'cat-50.jpg': () => sample('cat.png').jpeg({ quality: 50 }),
    'cat-90.jpg': () => sample('cat.png').jpeg({ quality: 90 }),
    'cat-444.jpg': () => sample('cat.png').jpeg({ quality: 92, chromaSubsampling: '4:4:4' }),
    'cat-progressive.jpg': () => sample('cat.png').jpeg({ quality: 85, progressive: true }),
    'cat-gray.jpg': () => sample('cat.png').grayscale().jpeg({ quality: 85 }),
    'cat-p3.jpg': () => sample('cat.png').withIccProfile('p3').jpeg({ quality: 92 }),
    'cat-p3.png': () => sample('cat.png').withIccProfile('p3').png(),
    'cat-lossy.webp': () => sample('cat.png').webp({ quality: 80 }),
    'cat-lossless.webp': () => sample('cat.png').webp({ lossless: true }),
    'cat.avif': () => sample('cat.png').avif({ quality: 60 }),
    'cat.gif': () => sample('cat.png').gif(),
    'cat-64.png': () => sample('cat.png').resize(64, 64, { fit: 'fill' }).png(),
    'espresso.png': () => sample('espresso.png').png(),
    'espresso-75.jpg': () => sample('espresso.png').jpeg({ quality: 75 }),
    'espresso.webp': () => sample('espresso.png').webp({ quality: 70 }),
    'espresso.avif': () => sample('espresso.png').avif({ quality: 50 }),
    'espresso-p3.jpg': () => sample('espresso.png').withIccProfile('p3').jpeg(),
    'espresso-64.png': () => sample('espresso.png').resize(64, 64, { fit: 'fill' }).png(),
    'rocket-small.jpg': () => sample('rocket.jpg').resize(160).jpeg(),
    'rocket.png': () => sample('rocket.jpg').png(),
    'rocket.webp': () => sample('rocket.jpg').webp({ quality: 85 }),
    'rocket-64.png': () => sample('rocket.jpg').resize(64, 64, { fit: 'fill' }).png(),
    'gradient.png': () => gradient(320, 200).png(),
    'gradient.jpg': () => gradient(333, 217).jpeg({ quality: 80 }),
    'noise.png': () => noise(199, 301, 1).png(),
    'noise.jpg': () => noise(256, 256, 2).jpeg({ quality: 90 }),
    'stripes.png': () => stripes(640, 480, 3).png(),
    'stripes.webp': () => stripes(300, 400, 11).toColourspace('srgb').webp({ quality: 90 }),
    'tall.png': () => gradient(17, 900).png(),
    'wide.jpg': () => gradient(1600, 40).jpeg(),
    'tiny.png': () => noise(3, 2, 5).png(),
    'alpha.png': () => disc(240).png(),
    'alpha.webp': () => disc(200).webp({ quality: 90 }),
    'alpha.avif': () => disc(128).avif({ quality: 80 }),
    'twelve-megapixels.jpg': async () => (await twelveMegapixels('cat.png')).jpeg({ quality: 85 }),
    'twelve-megapixels.webp': async () =>
      (await twelveMegapixels('espresso.png')).webp({ quality: 70, effort: 0 }),
  };
  for (let orientation = 1; orientation <= 8; orientation++) {
    list[`orientation-${orientation}.jpg`] = () =>
      sample('rocket.jpg').jpeg({ quality: 90 }).withMetadata({ orientation });
  }
  return list;
}

/** Makes at least 40 pictures: JPEG, PNG, WebP, AVIF and GIF, up to twelve megapixels. */
export async function makePictures(): Promise<TestPicture[]> {
  const pictures: TestPicture[] = [
    { name: 'rocket.jpg', bytes: await readFile('public/samples/rocket.jpg') },
  ];
  for (const [name, make] of Object.entries(recipes())) {
    pictures.push({ name, bytes: await (await make()).toBuffer() });
  }
  return pictures;
}

/** Distinct pictures so large that one is still being decoded when the next arrives. */
export function largePictures(count: number): Promise<Buffer[]> {
  const base = sample('cat.png').resize(2000, 1500).removeAlpha();
  return Promise.all(
    Array.from({ length: count }, (_, i) =>
      base
        .clone()
        .tint({ r: 255, g: 255 - i, b: 255 })
        .jpeg({ quality: 80 })
        .toBuffer(),
    ),
  );
}

/**
 * A Windows bitmap (24 bits, rows from the bottom), which browsers read and the server does not.
 */
export async function makeBitmap(file: string): Promise<Buffer> {
  const { data, info } = await sample(file)
    .resize(64, 64, { fit: 'fill' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const header = Buffer.alloc(54);
  header.write('BM', 0, 'latin1');
  header.writeUInt32LE(54 + data.length, 2);
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(info.width, 18);
  header.writeInt32LE(info.height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  const rows = Buffer.alloc(data.length);
  const rowBytes = info.width * 3;
  for (let y = 0; y < info.height; y++) {
    for (let x = 0; x < info.width; x++) {
      const from = y * rowBytes + x * 3;
      const to = (info.height - 1 - y) * rowBytes + x * 3;
      rows[to] = data[from + 2]!;
      rows[to + 1] = data[from + 1]!;
      rows[to + 2] = data[from]!;
    }
  }
  return Buffer.concat([header, rows]);
}

/** A grey picture with a red area in one quarter. */
export function redInQuarter(column: 0 | 1, row: 0 | 1): Promise<Buffer> {
  const side = 128;
  const [left, top] = [(column * side) / 2 + side / 8, (row * side) / 2 + side / 8];
  const red = `<rect x="${left}" y="${top}" width="${side / 4}" height="${side / 4}" fill="red"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${red}</svg>`;
  return sharp({ create: { width: side, height: side, channels: 3, background: '#808080' } })
    .composite([{ input: Buffer.from(svg) }])
    .png()
    .toBuffer();
}

/** A grey picture with an espresso in one quarter, the only evidence for any class. */
export async function evidenceInQuarter(column: 0 | 1, row: 0 | 1): Promise<Buffer> {
  const side = 256;
  const cup = await sample('espresso.png')
    .resize(side / 2, side / 2, { fit: 'cover' })
    .png()
    .toBuffer();
  return sharp({ create: { width: side, height: side, channels: 3, background: '#808080' } })
    .composite([{ input: cup, left: (column * side) / 2, top: (row * side) / 2 }])
    .png()
    .toBuffer();
}
