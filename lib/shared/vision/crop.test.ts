import { describe, expect, test } from 'vitest';
import { centerCrop, centerWindow, cropStart } from './crop';
import type { RgbImage } from './image';

/** Each pixel has a number of its own. Numbers begin at 1, because 0 is black. */
function numbered(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3).map((_, i) => 1 + Math.floor(i / 3));
  return { data, width, height, channels: 3 };
}

/** The first channel, row by row. */
function rows({ data, width, height }: RgbImage): number[][] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => data[(y * width + x) * 3]!),
  );
}

describe('centerCrop', () => {
  test('cuts the middle out of rows and columns', () => {
    expect(rows(centerCrop(numbered(4, 4), 2, 2))).toEqual([
      [6, 7],
      [10, 11],
    ]);
  });

  test('begins at the smaller half where the middle falls between two pixels', () => {
    expect(rows(centerCrop(numbered(4, 1), 1, 1))).toEqual([[2]]);
    expect(rows(centerCrop(numbered(5, 1), 2, 1))).toEqual([[2, 3]]);
  });

  test('puts the odd row and column of black before a picture that is smaller', () => {
    expect(rows(centerCrop(numbered(1, 1), 2, 2))).toEqual([
      [0, 0],
      [0, 1],
    ]);
  });

  test('cuts one side and fills the other', () => {
    expect(rows(centerCrop(numbered(4, 1), 2, 3))).toEqual([
      [0, 0],
      [2, 3],
      [0, 0],
    ]);
    expect(rows(centerCrop(numbered(1, 4), 3, 2))).toEqual([
      [0, 2, 0],
      [0, 3, 0],
    ]);
  });

  test('takes the channels of a pixel together', () => {
    const data = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
    const cropped = centerCrop({ data, width: 3, height: 1, channels: 3 }, 1, 1);
    expect([...cropped.data]).toEqual([4, 5, 6]);
  });

  test('leaves a picture of the right size as it is', () => {
    const image = numbered(3, 2);
    expect(centerCrop(image, 3, 2)).toBe(image);
  });
});

describe('a crop that leaves an odd number of pixels', () => {
  // A picture of 640 × 427 is 383 wide when its shortest edge becomes 256.
  test.each([
    ['transformers goes to the smaller half', 'floor', 383, 224, 79],
    ['torchvision rounds half to even', 'half-even', 383, 224, 80],
    ['torchvision, 78.5', 'half-even', 381, 224, 78],
    ['torchvision pads the smaller half in front', 'half-even', 1, 2, -0],
    ['transformers pads the larger half in front', 'floor', 1, 2, -1],
  ] as const)('%s', (_, rounding, image, crop, start) => {
    expect(cropStart(image, crop, rounding)).toBe(start);
  });

  test('is the same for the window that is resized', () => {
    const window = centerWindow(
      { width: 383, height: 256 },
      { width: 224, height: 224 },
      'half-even',
    );
    expect(window).toEqual({ left: 80, top: 16, width: 224, height: 224 });
  });
});
