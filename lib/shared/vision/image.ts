/**
 * Decoded pixels: rows from the top, 8 bits per channel, sRGB.
 *
 * `channels` is 3 (RGB) or 4 (RGBA, as a canvas gives it). Alpha is never read: the decoder has
 * already put transparent pixels on white.
 */
export interface PixelImage {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

/** Pixels of three bytes, as every step after decoding produces them. */
export interface RgbImage extends PixelImage {
  readonly data: Uint8Array;
  readonly channels: 3;
}

/** Luma weights of ITU-R BT.601 in units of 1/65,536, as in Pillow's mode "L". */
const RED = 19_595;
const GREEN = 38_470;
const BLUE = 7_471;

/** The luma of each pixel, in all three channels, rounded as Pillow's `convert('L')` does. */
export function toGrey({ data, width, height, channels }: PixelImage): RgbImage {
  const grey = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const from = pixel * channels;
    const sum = data[from]! * RED + data[from + 1]! * GREEN + data[from + 2]! * BLUE;
    grey.fill((sum + 0x8000) >> 16, pixel * 3, pixel * 3 + 3);
  }
  return { data: grey, width, height, channels: 3 };
}

/** Copies an image to three bytes per pixel. Returns the same object if it has them already. */
export function toRgb(image: PixelImage): RgbImage {
  if (image.channels === 3 && image.data instanceof Uint8Array) return image as RgbImage;
  const pixels = image.width * image.height;
  const data = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = pixel * image.channels;
    const to = pixel * 3;
    data[to] = image.data[from]!;
    data[to + 1] = image.data[from + 1]!;
    data[to + 2] = image.data[from + 2]!;
  }
  return { data, width: image.width, height: image.height, channels: 3 };
}
