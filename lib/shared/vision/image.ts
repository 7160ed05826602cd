/**
 * Decoded pixels, rows from the top, 8 bits a channel, sRGB.
 *
 * `channels` is 3 (RGB) or 4 (RGBA, as a canvas gives it). Alpha is never read: whoever decodes
 * lays transparency on white first.
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
