import { describe, expect, test } from 'vitest';
import { RESAMPLE_FILTERS } from './filters';
import type { PixelImage } from './image';
import { resize } from './resize';

function flat(width: number, height: number, color: [number, number, number]): PixelImage {
  const data = new Uint8Array(width * height * 3).map((_, i) => color[i % 3]!);
  return { data, width, height, channels: 3 };
}

describe.each(RESAMPLE_FILTERS)('%s', (filter) => {
  test('keeps a flat picture flat, smaller and larger', () => {
    const color: [number, number, number] = [255, 7, 128];
    expect(resize(flat(97, 31, color), 13, 8, filter)).toEqual(flat(13, 8, color));
    expect(resize(flat(3, 2, color), 13, 8, filter)).toEqual(flat(13, 8, color));
  });

  test('leaves a picture of the right size as it is', () => {
    const image = {
      data: Uint8Array.of(1, 2, 3, 4, 5, 6),
      width: 2,
      height: 1,
      channels: 3,
    } as const;
    expect(resize(image, 2, 1, filter)).toEqual(image);
  });
});

describe.each(RESAMPLE_FILTERS)('%s', (filter) => {
  const data = new Uint8Array(31 * 23 * 3).map((_, i) => (i * i * 31) % 251);
  const image = { data, width: 31, height: 23, channels: 3 } as const;

  test.each([
    [11, 17],
    [50, 40],
    [31, 40],
    [50, 23],
    [31, 23],
  ])('a window of %d × %d is that part of the whole, to the byte', (width, height) => {
    const whole = resize(image, width, height, filter);
    const rows = Array.from({ length: 11 }, (_, y) => {
      const from = ((y + 5) * width + 3) * 3;
      return [...whole.data.subarray(from, from + 7 * 3)];
    });
    const window = { left: 3, top: 5, width: 7, height: 11 };
    const part = resize(image, width, height, filter, window);
    expect([part.width, part.height]).toEqual([7, 11]);
    expect([...part.data]).toEqual(rows.flat());
  });
});

test('shrinking looks at every pixel: one white among black is not lost', () => {
  const image = flat(64, 1, [0, 0, 0]);
  image.data.set([255, 255, 255], 33 * 3);
  const sum = resize(image, 4, 1, 'bilinear').data.reduce((total, value) => total + value, 0);
  expect(sum).toBeGreaterThan(0);
});

test.each([0, -1, 1.5, NaN])('refuses a width of %d', (width) => {
  expect(() => resize(flat(2, 2, [0, 0, 0]), width, 1, 'box')).toThrow(RangeError);
});
