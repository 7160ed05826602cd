/** The last steps from decoded pixels to upright sRGB, shared by server and device. */
import { toRgb, type PixelImage, type RgbImage } from '../vision/image';
import type { PictureFacts, Rectangle } from './facts';
import { expandRange, toSrgb } from './to-srgb';

/** Converts colours that a decoder left as stored to sRGB. ICC profiles are the decoder's task. */
export function finishColours(image: PixelImage, facts: PictureFacts): PixelImage {
  const { colour, limitedGrey } = facts;
  const spread = limitedGrey ? expandRange(toRgb(image)) : image;
  return colour.kind === 'coded' ? toSrgb(toRgb(spread), colour.space) : spread;
}

/** Paints everything outside the first frame white, because it is transparent. */
export function whitenOutside(image: PixelImage, frame: Rectangle | undefined): PixelImage {
  if (!frame) return image;
  const { width, height, channels } = image;
  const data = new Uint8Array(image.data.length).fill(255);
  const left = Math.min(frame.left, width);
  const right = Math.min(frame.left + frame.width, width);
  for (let y = frame.top; y < Math.min(frame.top + frame.height, height); y++) {
    const [from, to] = [(y * width + left) * channels, (y * width + right) * channels];
    data.set(image.data.subarray(from, to), from);
  }
  return { ...image, data };
}

/**
 * Converts CMYK to RGB without a profile, as browsers do. 0 means no ink, 255 means full ink; each
 * ink darkens in proportion.
 */
export function inkToRgb(
  { data: ink }: { readonly data: Uint8Array },
  width: number,
  height: number,
): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const light = 255 - ink[pixel * 4 + 3]!;
    for (let i = 0; i < 3; i++) {
      data[pixel * 3 + i] = Math.round(((255 - ink[pixel * 4 + i]!) * light) / 255);
    }
  }
  return { data, width, height, channels: 3 };
}

/** Cuts out a part of a picture. */
export function crop(image: PixelImage, area: Rectangle | undefined): PixelImage {
  if (!area) return image;
  const { channels, width: stride } = image;
  const { left, top, width, height } = area;
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * stride + left) * channels;
    data.set(image.data.subarray(from, from + width * channels), y * width * channels);
  }
  return { ...image, data, width, height };
}
