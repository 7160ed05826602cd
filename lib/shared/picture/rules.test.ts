import { expect, test } from 'vitest';
import type { PictureFacts } from './facts';
import { DEFAULT_PICTURE_LIMITS, problemOf } from './rules';

const facts = (some: Partial<PictureFacts>): PictureFacts => ({
  format: 'jpeg',
  width: 4000,
  height: 3000,
  orientation: 1,
  colour: { kind: 'srgb' },
  channels: 'rgb',
  bitDepth: 8,
  scans: 1,
  interlaced: false,
  animated: false,
  complete: true,
  ...some,
});

test.each<[string, Partial<PictureFacts>]>([
  ['12 megapixels of JPEG', {}],
  ['50 megapixels of progressive JPEG', { width: 8160, height: 6120, scans: 10, interlaced: true }],
  ['64 megapixels of turned JPEG', { width: 8000, height: 8000, orientation: 6 }],
  ['24 megapixels of AVIF', { format: 'avif', width: 6000, height: 4000 }],
])('%s are decoded', (_, some) => {
  expect(problemOf(facts(some))).toBeUndefined();
});

test.each<[string, Partial<PictureFacts>, string, string]>([
  ['too many pixels', { width: 8001, height: 8000 }, 'too-many-pixels', 'at most 64000000 pixels'],
  [
    'a long side',
    { format: 'png', width: 1, height: 65_536 },
    'too-many-pixels',
    'sides of at most 65535 pixels',
  ],
  [
    'AVIF of 64 megapixels',
    { format: 'avif', width: 8000, height: 8000 },
    'too-many-pixels',
    'at most 536870912 bytes to decode',
  ],
  [
    'interlaced PNG of 16 bits',
    { format: 'png', width: 8000, height: 8000, bitDepth: 16, interlaced: true },
    'too-many-pixels',
    'at most 536870912 bytes to decode',
  ],
  [
    '2,647 scans',
    { scans: 2647, interlaced: true, width: 100, height: 100 },
    'undecodable-image',
    'at most 100 scans',
  ],
  ['a missing end', { complete: false }, 'undecodable-image', 'a complete picture'],
])('%s: refused, with the limit named', (_, some, type, expected) => {
  expect(problemOf(facts(some))).toMatchObject({ type, expected });
});

test('limits are those that are given', () => {
  const limits = { ...DEFAULT_PICTURE_LIMITS, maxImagePixels: 100 };
  expect(problemOf(facts({}), limits)).toMatchObject({ received: '12000000 pixels' });
});
