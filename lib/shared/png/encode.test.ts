import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { crc32 } from './crc';
import { encodePng, type PngPixels } from './encode';

const FIXTURES = path.resolve(import.meta.dirname, '../vision/fixtures');

/** Decodes with libpng, through sharp. */
async function decode(png: Uint8Array, channels: 1 | 3): Promise<Uint8Array> {
  const image = sharp(png, { failOn: 'warning' });
  const { data } = await (channels === 1 ? image.toColourspace('b-w') : image)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return new Uint8Array(data);
}

const side = fc.integer({ min: 1, max: 40 });
/** Either random bytes, or bytes that compress well: few values, in runs. */
const bytes = (length: number) =>
  fc.oneof(
    fc.uint8Array({ minLength: length, maxLength: length }),
    fc.uint8Array({ minLength: length, maxLength: length, max: 2 }),
    fc.integer({ min: 0, max: 255 }).map((value) => new Uint8Array(length).fill(value)),
    fc
      .integer({ min: 1, max: 9 })
      .map((step) => Uint8Array.from({ length }, (_, i) => (i * step) & 255)),
  );
const pixels: fc.Arbitrary<PngPixels> = fc
  .record({ width: side, height: side, channels: fc.constantFrom(1 as const, 3 as const) })
  .chain((size) =>
    bytes(size.width * size.height * size.channels).map((data) => ({ ...size, data })),
  );

describe('encodePng', () => {
  test('gives what another decoder reads back to the byte', async () => {
    await fc.assert(
      fc.asyncProperty(pixels, async (picture) => {
        const decoded = await decode(encodePng(picture), picture.channels);
        expect(decoded).toEqual(picture.data);
      }),
      { numRuns: 300 },
    );
  });

  test('gives the same bytes for the same pixels, wherever they lie in memory', () => {
    fc.assert(
      fc.property(pixels, (picture) => {
        const shifted = new Uint8Array(picture.data.length + 3);
        shifted.set(picture.data, 3);
        const again = encodePng({ ...picture, data: shifted.subarray(3) });
        expect(again).toEqual(encodePng(picture));
      }),
    );
  });

  test('reads as sRGB without a profile, an orientation or transparency', async () => {
    const png = encodePng({ data: Uint8Array.of(1, 2, 3), width: 1, height: 1, channels: 3 });
    const { space, channels, hasAlpha, icc, orientation, depth, hasProfile } =
      await sharp(png).metadata();
    expect({ space, channels, hasAlpha, icc, orientation, depth, hasProfile }).toEqual({
      space: 'srgb',
      channels: 3,
      hasAlpha: false,
      icc: undefined,
      orientation: undefined,
      depth: 'uchar',
      hasProfile: false,
    });
  });

  // The cache key is a hash of these bytes: if they change, no cached answer is found again.
  test('gives these bytes, in every engine and version', () => {
    const ramp = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7 + (i >> 5)) & 255);
    const noise = Uint8Array.from(
      { length: 31 * 17 },
      (_, i) => Math.imul(i + 1, 2654435761) >>> 24,
    );
    const hashes = [
      encodePng({ data: ramp, width: 64, height: 64, channels: 3 }),
      encodePng({ data: noise, width: 31, height: 17, channels: 1 }),
      encodePng({ data: Uint8Array.of(9), width: 1, height: 1, channels: 1 }),
    ].map((png) => createHash('sha256').update(png).digest('hex').slice(0, 12));
    expect(hashes).toEqual(['ad5884bd8948', 'c73140461458', '85db89b5006d']);
  });

  test('of pictures as they are taken is at most a tenth larger than the smallest of libpng', async () => {
    const names = (await readdir(FIXTURES)).filter((name) => /^cat-crop\..*\.png$/.test(name));
    let ours = 0;
    let theirs = 0;
    for (const name of names) {
      const source = sharp(path.join(FIXTURES, name)).removeAlpha();
      const { data, info } = await source.raw().toBuffer({ resolveWithObject: true });
      const picture: PngPixels = { ...info, data: new Uint8Array(data), channels: 3 };
      ours += encodePng(picture).length;
      const options = { compressionLevel: 9, adaptiveFiltering: true, palette: false };
      const { width, height } = picture;
      const image = sharp(data, { raw: { width, height, channels: 3 } });
      theirs += (await image.png(options).toBuffer()).length;
    }
    expect(names.length).toBeGreaterThan(5);
    expect(ours).toBeLessThanOrEqual(theirs * 1.1);
  });

  test.each([
    { width: 0, height: 1, length: 0 },
    { width: 2, height: 2, length: 11 },
    { width: 2, height: 2, length: 13 },
  ])('refuses $length bytes of $width × $height', ({ width, height, length }) => {
    const broken = { data: new Uint8Array(length), width, height, channels: 3 as const };
    expect(() => encodePng(broken)).toThrow(RangeError);
  });
});

test('crc32 gives the value that the standard names for "123456789"', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
});
