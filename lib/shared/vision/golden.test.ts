import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { parsePreprocessing } from '../model/preprocessing';
import type { PixelImage } from './image';
import { fitImage } from './tensor';

const fixtures = fileURLToPath(new URL('./fixtures/', import.meta.url));

interface Golden {
  configs: Record<string, object>;
  cases: { input: string; config: string; expected: string }[];
}

const golden = JSON.parse(readFileSync(`${fixtures}golden.json`, 'utf8')) as Golden;

async function readPng(name: string, channels: 3 | 4 = 3): Promise<PixelImage> {
  const pipeline = sharp(`${fixtures}${name}`).toColourspace('srgb');
  const { data, info } = await (channels === 3 ? pipeline.removeAlpha() : pipeline.ensureAlpha())
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), width: info.width, height: info.height, channels };
}

function largestDifference(a: PixelImage, b: PixelImage): number {
  let largest = 0;
  a.data.forEach((value, i) => {
    largest = Math.max(largest, Math.abs(value - b.data[i]!));
  });
  return largest;
}

describe('resizing and cropping equal Pillow', () => {
  test.each(golden.cases)('$input, $config', async ({ input, config, expected }) => {
    const preprocessing = parsePreprocessing({ ...golden.configs[config], do_normalize: false });
    const actual = fitImage(await readPng(input), preprocessing);
    const wanted = await readPng(expected);
    expect([actual.width, actual.height]).toEqual([wanted.width, wanted.height]);
    expect(largestDifference(actual, wanted)).toBeLessThanOrEqual(1);
  });

  test('four channels give the same pixels as three', async () => {
    const preprocessing = parsePreprocessing({
      ...golden.configs['edge-73-crop-64-bilinear'],
      do_normalize: false,
    });
    const fromRgb = fitImage(await readPng('cat-crop.in.png', 3), preprocessing);
    const fromRgba = fitImage(await readPng('cat-crop.in.png', 4), preprocessing);
    expect(fromRgba).toEqual(fromRgb);
  });
});
