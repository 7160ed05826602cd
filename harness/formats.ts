/** Asks a server how it answers each picture format, and makes the table of docs/api.md. */
import sharp from 'sharp';
import type { PredictResponse } from '@/lib/shared/contract/predict';
import type { Problem } from '@/lib/shared/contract/problems';
import { postPicture } from './client';
import { makeBitmap } from './pictures';

export const BEGIN = '<!-- formats: begin (npm run formats) -->';
export const END = '<!-- formats: end -->';

const cat = () => sharp('public/samples/cat.png').resize(320, 240, { fit: 'cover' });
const cup = () => sharp('public/samples/espresso.png').resize(320, 240, { fit: 'cover' });
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';

/** An animation of two frames; the first shows the cup. */
async function animation(): Promise<Buffer> {
  const frames = [await cup().png().toBuffer(), await cat().png().toBuffer()];
  return sharp(frames, { join: { animated: true } })
    .gif()
    .toBuffer();
}

async function animatedWebp(): Promise<Buffer> {
  return sharp(await animation(), { animated: true })
    .webp()
    .toBuffer();
}

async function half(picture: Promise<Buffer>): Promise<Buffer> {
  const bytes = await picture;
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

/** A header that names a format, without any content. */
function isoMedia(brand: string): Buffer {
  const box = Buffer.alloc(24);
  box.writeUInt32BE(24, 0);
  box.write(`ftyp${brand}`, 4, 'latin1');
  box.write(`mif1${brand}`, 16, 'latin1');
  return box;
}

const PICTURES: Readonly<Record<string, () => Promise<Buffer> | Buffer>> = {
  'JPEG, baseline': () => cup().jpeg().toBuffer(),
  'JPEG, progressive': () => cup().jpeg({ progressive: true }).toBuffer(),
  'JPEG, grey': () => cup().grayscale().jpeg().toBuffer(),
  'JPEG, turned by EXIF': async () =>
    sharp(await cup().png().toBuffer())
      .rotate(90)
      .jpeg()
      .withMetadata({ orientation: 8 })
      .toBuffer(),
  'JPEG, Display P3': () => cup().withIccProfile('p3').jpeg().toBuffer(),
  'JPEG, CMYK with a profile': () =>
    cup().toColourspace('cmyk').withIccProfile('cmyk').jpeg().toBuffer(),
  'JPEG, CMYK without a profile': () => cup().toColourspace('cmyk').jpeg().toBuffer(),
  'PNG, 8 bits': () => cup().png().toBuffer(),
  'PNG, 16 bits': () => cup().toColourspace('rgb16').png().toBuffer(),
  'PNG, palette': () => cup().png({ palette: true }).toBuffer(),
  'PNG, transparent': () => cup().ensureAlpha(0.6).png().toBuffer(),
  'PNG, grey with 16 bits': () => cup().grayscale().toColourspace('grey16').png().toBuffer(),
  'WebP, lossy': () => cup().webp().toBuffer(),
  'WebP, lossless': () => cup().webp({ lossless: true }).toBuffer(),
  'WebP, animated': animatedWebp,
  'AVIF, 8 bits': () => cup().avif().toBuffer(),
  'GIF, still': () => cup().gif().toBuffer(),
  'GIF, animated': animation,
  'JPEG, cut in half': () => half(cup().jpeg().toBuffer()),
  'PNG, cut in half': () => half(cup().png().toBuffer()),
  'PNG of 20,000 × 20,000': () =>
    sharp({
      create: { width: 20_000, height: 20_000, channels: 3, background: '#888' },
      limitInputPixels: false,
    })
      .png()
      .toBuffer(),
  SVG: () => Buffer.from(SVG),
  TIFF: () => cup().tiff().toBuffer(),
  BMP: () => makeBitmap('cat.png'),
  HEIC: () => isoMedia('heic'),
  PDF: () => Buffer.from('%PDF-1.7\n'),
  'a web page': () => Buffer.from('<!doctype html><title>x</title>'),
  text: () => Buffer.from('some text'),
  'nothing at all': () => Buffer.alloc(0),
};

/** The table in Markdown. */
export async function formatsTable(url: string): Promise<string> {
  const rows = ['| sent | status | answer |', '| --- | --- | --- |'];
  for (const [name, make] of Object.entries(PICTURES)) {
    const response = await postPicture(url, await make());
    rows.push(`| ${name} | ${response.status} | ${describe(await response.json())} |`);
  }
  return rows.join('\n');
}

function describe(answer: unknown): string {
  if (!isPrediction(answer)) return `\`${(answer as Problem).type}\``;
  const { image, predictions } = answer;
  return `${image.format}, ${image.width} × ${image.height}, ${predictions[0]!.label.split(',')[0]}`;
}

function isPrediction(answer: unknown): answer is PredictResponse {
  return typeof answer === 'object' && answer !== null && 'predictions' in answer;
}
