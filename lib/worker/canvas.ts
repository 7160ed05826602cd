import { areKnownPixels, KNOWN_SIDE, knownPixels } from '@/lib/shared/picture/known-pixels';
import type { PixelImage } from '@/lib/shared/vision/image';
import { WorkerError } from './worker-error';

let isFaithful: boolean | undefined;

/**
 * Whether this browser's canvas gives back the exact pixels that were drawn on it. Some browsers
 * add noise against tracking. Tested once, then remembered.
 */
export function isCanvasFaithful(): boolean {
  isFaithful ??= tryCanvas();
  return isFaithful;
}

function tryCanvas(): boolean {
  try {
    const context = whiteCanvas(KNOWN_SIDE, KNOWN_SIDE);
    context.putImageData(new ImageData(knownPixels(), KNOWN_SIDE, KNOWN_SIDE), 0, 0);
    return areKnownPixels(context.getImageData(0, 0, KNOWN_SIDE, KNOWN_SIDE).data);
  } catch {
    return false;
  }
}

/**
 * Draws a bitmap on a white canvas and reads its pixels, in sRGB. The canvas stays on the processor
 * (`willReadFrequently`), not on the graphics card.
 */
export function readBitmap(bitmap: ImageBitmap): PixelImage {
  const { width, height } = bitmap;
  const context = whiteCanvas(width, height);
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height, { colorSpace: 'srgb' });
  return { data, width, height, channels: 4 };
}

function whiteCanvas(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context)
    throw new WorkerError('too-many-pixels', 'The picture is too large for this browser.');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  return context;
}
