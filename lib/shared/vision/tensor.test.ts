import { describe, expect, test } from 'vitest';
import type { Preprocessing } from '../model/preprocessing';
import { centerCrop } from './crop';
import type { RgbImage } from './image';
import { fitImage, imageToTensor } from './tensor';

function numbered(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3).map((_, i) => Math.floor(i / 3));
  return { data, width, height, channels: 3 };
}

const untouched: Preprocessing = {
  resize: null,
  crop: null,
  rescaleFactor: 1 / 255,
  normalization: null,
};

describe('imageToTensor', () => {
  test('lays channels one after the other', () => {
    const image = {
      data: Uint8Array.of(1, 2, 3, 4, 5, 6),
      width: 2,
      height: 1,
      channels: 3,
    } as const;
    const { data, dims } = imageToTensor(image, { ...untouched, rescaleFactor: 1 });
    expect(dims).toEqual([1, 3, 1, 2]);
    expect([...data]).toEqual([1, 4, 2, 5, 3, 6]);
  });

  test('gives blue first where the model was trained so', () => {
    const image = { data: Uint8Array.of(1, 2, 3), width: 1, height: 1, channels: 3 } as const;
    const { data } = imageToTensor(image, { ...untouched, rescaleFactor: 1, isBgr: true });
    expect([...data]).toEqual([3, 2, 1]);
  });

  test('rescales, then normalises each channel by its own mean and deviation', () => {
    const image = { data: Uint8Array.of(0, 51, 255), width: 1, height: 1, channels: 3 } as const;
    const normalization = { mean: [0.5, 0.2, 0], std: [0.5, 0.1, 2] };
    const { data } = imageToTensor(image, { ...untouched, normalization });
    expect(data[0]).toBeCloseTo(-1, 6);
    expect(data[1]).toBeCloseTo(0, 6);
    expect(data[2]).toBeCloseTo(0.5, 6);
  });
});

test('the shortest edge is fitted and the longer one rounded down', () => {
  const resize = { kind: 'shortest-edge', edge: 10, filter: 'bilinear' } as const;
  const { width, height } = fitImage(numbered(33, 20), { ...untouched, resize });
  expect([width, height]).toEqual([16, 10]);
});

test.each([
  [33, 20, 16, 10],
  [40, 20, 16, 8],
  [20, 40, 8, 16],
  [1, 60_000, 1, 16],
  [20, 20, 10, 10],
])('%d × %d with a longest edge of 16 becomes %d × %d', (width, height, ...expected) => {
  const resize = { kind: 'shortest-edge', edge: 10, longest: 16, filter: 'nearest' } as const;
  const fitted = fitImage(numbered(width, height), { ...untouched, resize });
  expect([fitted.width, fitted.height]).toEqual(expected);
});

test.each([
  [20, 20],
  [20, 60],
  [60, 20],
  [15, 7],
])('a crop to %d × %d computes what cutting the whole would give', (width, height) => {
  const resize = { kind: 'shortest-edge', edge: 24, filter: 'bicubic' } as const;
  const whole = fitImage(numbered(33, 20), { ...untouched, resize });
  const fitted = fitImage(numbered(33, 20), { ...untouched, resize, crop: { width, height } });
  expect(fitted).toEqual(centerCrop(whole, width, height));
});

test('of a very narrow picture only what the crop keeps is computed', () => {
  const resize = { kind: 'shortest-edge', edge: 256, filter: 'bilinear' } as const;
  const crop = { width: 224, height: 224 };
  const data = new Uint8Array(65_535 * 3).fill(9);
  // The whole resized picture would have 13 thousand million bytes.
  const narrow: RgbImage = { data, width: 1, height: 65_535, channels: 3 };
  const fitted = fitImage(narrow, { ...untouched, resize, crop });
  expect(fitted.data).toHaveLength(224 * 224 * 3);
  expect(fitted.data.every((value) => value === 9)).toBe(true);
});

describe('centerCrop', () => {
  test('cuts the middle', () => {
    expect([...centerCrop(numbered(5, 1), 3, 1).data]).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3]);
  });

  test('lays black around a picture that is smaller', () => {
    expect([...centerCrop(numbered(1, 1), 3, 1).data]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const white = { data: Uint8Array.of(255, 255, 255), width: 1, height: 1, channels: 3 } as const;
    expect([...centerCrop(white, 3, 1).data]).toEqual([0, 0, 0, 255, 255, 255, 0, 0, 0]);
  });
});
