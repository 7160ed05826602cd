import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import wabt from 'wabt';
import { FILTER_KERNELS } from './filters';
import type { PixelImage } from './image';
import { resizeRowsOneByOne } from './resize';
import { MACHINE_CODE, memoryBytes, resizeRowsByVectors } from './resize-rows';
import { computeTaps } from './taps';

function picture(width: number, height: number, channels: 3 | 4, seed: number): PixelImage {
  const data = new Uint8Array(width * height * channels);
  return { data: data.map((_, i) => (i * i * 31 + seed * 7 + i) % 256), width, height, channels };
}

/** Byte by byte, faster than any report of what differs. */
function expectEqual(received: PixelImage | undefined, expected: PixelImage): void {
  expect(Buffer.from(received!.data).equals(Buffer.from(expected.data))).toBe(true);
}

test('the machine code is that of the text beside it', async () => {
  const assembler = await wabt();
  const text = readFileSync('lib/shared/vision/resize-rows.wat', 'utf8');
  const { buffer } = assembler.parseWat('resize-rows.wat', text).toBinary({});
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
        const taps = computeTaps(width, wide, FILTER_KERNELS[filter], from, wide - from);
        expect(resizeRowsByVectors(image, taps)).toEqual(resizeRowsOneByOne(image, taps));
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
  ['black and white at the edge of what overshoots', 40, 3],
  ['more rows than a strip holds', 900, 4],
  ['a row wider than a strip', 100_000, 3],
] as const)('%s', (_what, width, channels) => {
  const image = picture(width, Math.floor(400_000 / width), channels, 3);
  const hard = { ...image, data: image.data.map((value) => (value > 127 ? 255 : 0)) };
  const taps = computeTaps(width, 33, FILTER_KERNELS.lanczos, 0, 33);
  expectEqual(resizeRowsByVectors(hard, taps), resizeRowsOneByOne(hard, taps));
});
