/** A picture, small: for lists, and to be remembered by. */
import { isCanvasFaithful } from './faithful-canvas';

const WIDTH = 160;
const HEIGHT = 120;
export const MAX_THUMBNAIL_BYTES = 20 * 1024;
const QUALITIES = [0.8, 0.6, 0.4, 0.2];

/**
 * The middle of a picture as a JPEG of at most 160 × 120 pixels and 20 KiB.
 *
 * @throws DOMException if this browser cannot read the picture, Error if it would give noise
 */
export async function makeThumbnail(picture: Blob): Promise<Blob> {
  if (!isCanvasFaithful()) throw new Error('This browser alters pictures that a page reads.');
  // Scaled while it is decoded, off this thread; twelve megapixels never come here.
  const bitmap = await createImageBitmap(picture, {
    resizeHeight: HEIGHT,
    resizeQuality: 'medium',
  });
  try {
    return await toJpeg(drawMiddle(bitmap));
  } finally {
    bitmap.close();
  }
}

function drawMiddle(bitmap: ImageBitmap): OffscreenCanvas {
  const width = Math.min(WIDTH, bitmap.width);
  const canvas = new OffscreenCanvas(width, bitmap.height);
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, Math.round((width - bitmap.width) / 2), 0);
  return canvas;
}

async function toJpeg(canvas: OffscreenCanvas): Promise<Blob> {
  let smallest: Blob | undefined;
  for (const quality of QUALITIES) {
    smallest = await canvas.convertToBlob({ type: 'image/jpeg', quality });
    if (smallest.size <= MAX_THUMBNAIL_BYTES) break;
  }
  return smallest!;
}
