/**
 * Decoded pixels, rows from the top, 8 bits a channel, sRGB.
 *
 * `channels` is 3 (RGB) or 4 (RGBA, as a canvas gives it). Alpha is never read: the decoder
 * lays transparent pixels on white first.
 */
export interface PixelImage {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

/** Pixels with three bytes each, which is what every step after decoding produces. */
export interface RgbImage extends PixelImage {
  readonly data: Uint8Array;
  readonly channels: 3;
}

/** The weights of ITU-R 601, in 65,536ths, as Pillow has them for its mode "L". */
const RED = 19_595;
const GREEN = 38_470;
const BLUE = 7_471;

/** The lightness of each pixel, in all three channels, as `convert('L')` of Pillow rounds it. */
export function toGrey({ data, width, height, channels }: PixelImage): RgbImage {
  const grey = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const from = pixel * channels;
    const sum = data[from]! * RED + data[from + 1]! * GREEN + data[from + 2]! * BLUE;
    grey.fill((sum + 0x8000) >> 16, pixel * 3, pixel * 3 + 3);
  }
  return { data: grey, width, height, channels: 3 };
}

/** Copies the colour of an image into three bytes a pixel; returns the image itself if it has them. */
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
