/** Makes thumbnails for lists and the history. */
import { isCanvasFaithful } from './faithful-canvas';

const WIDTH = 160;
const HEIGHT = 120;
export const MAX_THUMBNAIL_BYTES = 20 * 1024;
const QUALITIES = [0.8, 0.6, 0.4, 0.2];

/**
 * The centre of a picture as a JPEG of at most 160 × 120 pixels and 20 KiB.
 *
 * @throws DOMException if this browser cannot read the picture, Error if its canvas adds noise
 */
export async function makeThumbnail(picture: Blob): Promise<Blob> {
  if (!isCanvasFaithful()) throw new Error('This browser alters pictures that a page reads.');
  // The browser scales while it decodes, off the main thread, so the full-size pixels never exist
  // here.
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
