// Types of what has none: a file of declarations cannot be imported.
// eslint-disable-next-line @typescript-eslint/triple-slash-reference
/// <reference path="./assets.d.ts" />
/** First frame of a GIF by omggif, in JavaScript. */
import { GifReader } from 'omggif';
import type { PixelImage } from '@/lib/shared/vision/image';

/** @returns four channels; clear where the frame does not reach */
export function decodePixels(bytes: ArrayBuffer): Promise<PixelImage> {
  const gif = new GifReader(new Uint8Array(bytes));
  const { width, height } = gif;
  const data = new Uint8ClampedArray(width * height * 4);
  gif.decodeAndBlitFrameRGBA(0, data);
  return Promise.resolve({ data, width, height, channels: 4 });
}
