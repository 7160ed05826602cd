// omggif ships no types, and TypeScript cannot import a declaration file.
// eslint-disable-next-line @typescript-eslint/triple-slash-reference
/// <reference path="./assets.d.ts" />
/** Decodes the first frame of a GIF with omggif, in JavaScript. */
import { GifReader } from 'omggif';
import type { PixelImage } from '@/lib/shared/vision/image';

/** @returns four channels; transparent where the frame does not cover the canvas */
export function decodePixels(bytes: ArrayBuffer): Promise<PixelImage> {
  const gif = new GifReader(new Uint8Array(bytes));
  const { width, height } = gif;
  const data = new Uint8ClampedArray(width * height * 4);
  gif.decodeAndBlitFrameRGBA(0, data);
  return Promise.resolve({ data, width, height, channels: 4 });
}
