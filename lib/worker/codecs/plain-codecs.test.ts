import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodePixels as decodeGif } from './gif-codec';
import { decodePixels as decodePng } from './png-codec';

const base = () => sharp('public/samples/cat.png').resize(61, 43).removeAlpha();
const bytesOf = (file: Buffer) => Uint8Array.from(file).buffer;

async function byLibvips(file: Buffer): Promise<Buffer> {
  return sharp(file).toColourspace('srgb').ensureAlpha().raw({ depth: 'uchar' }).toBuffer();
}

const PNGS: Record<string, () => Sharp> = {
  rgb: () => base().png(),
  'rgb with alpha': () => base().ensureAlpha(0.3).png(),
  '16 bits': () => base().toColourspace('rgb16').png(),
  grey: () => base().grayscale().png(),
  '16 bits of grey': () => base().grayscale().toColourspace('grey16').png(),
  palette: () => base().png({ palette: true, colours: 200 }),
  'palette of 4 bits': () => base().png({ palette: true, colours: 12 }),
  'palette of 2 bits': () => base().png({ palette: true, colours: 4 }),
  'palette of 1 bit': () => base().png({ palette: true, colours: 2 }),
  'palette with clear colours': () => base().ensureAlpha(0).png({ palette: true }),
  interlaced: () => base().png({ progressive: true }),
};

describe('PNG', () => {
  test.each(Object.keys(PNGS))('%s is what libvips reads', async (name) => {
    const file = await PNGS[name]!().toBuffer();
    const { data, width, height } = await decodePng(bytesOf(file));
    expect([width, height]).toEqual([61, 43]);
    expect(Buffer.compare(Buffer.from(data), await byLibvips(file))).toBe(0);
  });
});

describe('GIF', () => {
  test.each(['still', 'interlaced'])('%s is what libvips reads', async (name) => {
    const file = await base()
      .gif({ progressive: name === 'interlaced' })
      .toBuffer();
    const { data, width, height } = await decodeGif(bytesOf(file));
    expect([width, height]).toEqual([61, 43]);
    expect(Buffer.compare(Buffer.from(data), await byLibvips(file))).toBe(0);
  });
});
