import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import wabt from 'wabt';
import { FILTER_KERNELS } from './filters';
import type { PixelImage, RgbImage } from './image';
import { resizeColumnsOneByOne, resizeRowsOneByOne } from './resize';
import {
  MACHINE_CODE,
  memoryBytes,
  resizeColumnsByVectors,
  resizeRowsByVectors,
} from './resize-vectors';
import { computeTaps } from './taps';

function picture(width: number, height: number, channels: 3 | 4, seed: number): PixelImage {
  const data = new Uint8Array(width * height * channels);
  return { data: data.map((_, i) => (i * i * 31 + seed * 7 + i) % 256), width, height, channels };
}

/** Compares byte by byte: faster than a matcher that reports differences. */
function expectEqual(received: PixelImage | undefined, expected: PixelImage): void {
  const sizes = ({ width, height }: PixelImage) => [width, height];
  expect(sizes(received!)).toEqual(sizes(expected));
  expect(Buffer.from(received!.data).equals(Buffer.from(expected.data))).toBe(true);
}

test('the machine code is that of the text beside it', async () => {
  const assembler = await wabt();
  const text = readFileSync('lib/shared/vision/resize-vectors.wat', 'utf8');
  const { buffer } = assembler.parseWat('resize-vectors.wat', text).toBinary({});
  expect(MACHINE_CODE).toEqual(buffer);
});

test('gives the same bytes as JavaScript, whatever the picture, the filter and the window', () => {
  const side = fc.integer({ min: 1, max: 90 });
  const filters = Object.keys(FILTER_KERNELS) as (keyof typeof FILTER_KERNELS)[];
  fc.assert(
    fc.property(
      fc.record({
        width: side,
        height: side,
        channels: fc.constantFrom(3 as const, 4 as const),
        seed: fc.nat(255),
        filter: fc.constantFrom(...filters),
        wide: side,
        cut: fc.integer({ min: 0, max: 20 }),
      }),
      ({ width, height, channels, seed, filter, wide, cut }) => {
        const image = picture(width, height, channels, seed);
        const from = Math.min(cut, wide - 1);
        const kernel = FILTER_KERNELS[filter];
        const columns = computeTaps(width, wide, kernel, from, wide - from);
        const narrow = resizeRowsOneByOne(image, columns);
        expectEqual(resizeRowsByVectors(image, columns), narrow);
        const rows = computeTaps(height, wide, kernel, from, wide - from);
        const read = {
          ...narrow,
          data: narrow.data.subarray(narrow.width * 3 * rows.start),
          height: rows.size,
        };
        expectEqual(resizeColumnsByVectors(read, rows), resizeColumnsOneByOne(read, rows));
      },
    ),
    { numRuns: 200 },
  );
});

test('a narrow picture made wide needs no large memory', () => {
  const image = picture(2, 4_000, 3, 1);
  const taps = computeTaps(2, 1_000, FILTER_KERNELS.bilinear, 0, 1_000);
  expectEqual(resizeRowsByVectors(image, taps), resizeRowsOneByOne(image, taps));
  expect(memoryBytes()).toBeLessThan(2_000_000);
});

test.each([
  ['higher than a strip', 33, 65_000, 'lanczos'],
  ['wider than a strip', 100_001, 7, 'box'],
  ['with rows that end within a vector', 5, 300, 'bicubic'],
] as const)('columns of a picture %s', (_what, width, height, filter) => {
  const soft = picture(width, height, 3, 5) as RgbImage;
  const image = { ...soft, data: soft.data.map((value) => (value > 127 ? 255 : 0)) };
  const taps = computeTaps(height, 21, FILTER_KERNELS[filter], 0, 21);
  expectEqual(resizeColumnsByVectors(image, taps), resizeColumnsOneByOne(image, taps));
  expect(memoryBytes()).toBeLessThan(4_000_000);
});

test.each([
  ['black and white at the edge of what overshoots', 40, 3],
  ['more rows than a strip holds', 900, 4],
  ['a row wider than a strip', 100_000, 3],
] as const)('%s', (_what, width, channels) => {
  const image = picture(width, Math.floor(400_000 / width), channels, 3);
  const hard = { ...image, data: image.data.map((value) => (value > 127 ? 255 : 0)) };
  const taps = computeTaps(width, 33, FILTER_KERNELS.lanczos, 0, 33);
  expectEqual(resizeRowsByVectors(hard, taps), resizeRowsOneByOne(hard, taps));
});
