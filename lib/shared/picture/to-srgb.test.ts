import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { RgbImage } from '../vision/image';
import { codedColour } from './code-points';
import { matrixToSrgb, SRGB_PRIMARIES, type ColourSpace } from './colour-space';
import { expandRange, toSrgb } from './to-srgb';

const image = (...data: number[]): RgbImage => ({
  data: Uint8Array.from(data),
  width: data.length / 3,
  height: 1,
  channels: 3,
});

function spaceOf(primaries: number, transfer: number): ColourSpace {
  const colour = codedColour(primaries, transfer, false);
  if (colour.kind !== 'coded') throw new Error(`expected a space, received ${colour.kind}`);
  return colour.space;
}

const convert = (primaries: number, transfer: number, ...data: number[]) => [
  ...toSrgb(image(...data), spaceOf(primaries, transfer)).data,
];

test('Display P3 by code points is what LittleCMS makes of its profile', async () => {
  const colours = image(
    250,
    20,
    20,
    30,
    200,
    60,
    10,
    40,
    220,
    128,
    128,
    128,
    200,
    180,
    90,
    0,
    0,
    0,
  );
  const png = await sharp(colours.data, { raw: { width: 6, height: 1, channels: 3 } })
    .withIccProfile('p3')
    .png()
    .toBuffer();
  const stored = await sharp(png, { ignoreIcc: true }).raw().toBuffer();
  const byProfile = await sharp(png).toColourspace('srgb').raw().toBuffer();
  const ours = convert(12, 13, ...stored);
  expect(Math.max(...ours.map((value, i) => Math.abs(value - byProfile[i]!)))).toBeLessThanOrEqual(
    3,
  );
});

test.each([
  [9, 14],
  [12, 13],
  [5, 4],
  [1, 8],
  [11, 17],
  [1, 5],
])('primaries %d and transfer %d leave black black and white white', (primaries, transfer) => {
  expect(convert(primaries, transfer, 0, 0, 0, 255, 255, 255)).toEqual([0, 0, 0, 255, 255, 255]);
});

test('linear light becomes brighter numbers (IEC 61966-2-1)', () => {
  // 0.2140 of light is 127.5 of 255.
  expect(convert(1, 8, 55, 55, 55)).toEqual([128, 128, 128]);
});

test('primaries of sRGB change nothing', () => {
  const rounded = matrixToSrgb(SRGB_PRIMARIES).map((row) =>
    row.map((v) => Math.round(v * 1e6) / 1e6 + 0),
  );
  expect(rounded).toEqual([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]);
});

test('colours that sRGB has described so are left alone', () => {
  for (const [primaries, transfer] of [
    [1, 13],
    [1, 1],
    [2, 2],
    [1, 6],
    [0, 99],
  ] as const) {
    expect(codedColour(primaries, transfer, false)).toEqual({ kind: 'srgb' });
  }
});

test('PQ: paper white of 203 nits is light grey, 1,000 nits and more are white', () => {
  // BT.2408: 58 % and 75 % of the signal.
  const [paper, , , peak, , , over] = convert(1, 16, 148, 148, 148, 192, 192, 192, 255, 255, 255);
  expect(paper).toBeGreaterThan(215);
  expect(paper).toBeLessThan(235);
  expect(peak).toBeGreaterThanOrEqual(253);
  expect(over).toBe(255);
});

test('PQ and HLG grow with their numbers', () => {
  for (const transfer of [16, 18]) {
    const numbers = Array.from({ length: 256 }, (_, i) => [i, i, i]).flat();
    const grey = convert(9, transfer, ...numbers).filter((_, i) => i % 3 === 0);
    expect(grey).toEqual([...grey].sort((a, b) => a - b));
    expect([grey[0], grey.at(-1)]).toEqual([0, 255]);
  }
});

test('spreads 16 to 235 over 0 to 255', () => {
  expect([...expandRange(image(0, 16, 126, 235, 240, 255)).data]).toEqual([
    0, 0, 128, 255, 255, 255,
  ]);
});
