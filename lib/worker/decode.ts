import type { PixelImage } from '../shared/vision/image';
import { WorkerError } from './worker-error';

/**
 * Bytes of a picture to pixels, equal to the server's: upright by EXIF, in sRGB, transparency laid
 * on white, the first frame. A bitmap drawn on a canvas that stays on the processor is the way that
 * agrees with libvips to the byte on JPEG; other browser decoders differ.
 *
 * @throws WorkerError `undecodable-image`, `too-many-pixels`, or `altered-pixels`
 */
export async function decodePicture(
  picture: Blob | ImageBitmap,
  maxImagePixels: number,
): Promise<PixelImage> {
  assertFaithfulCanvas();
  const bitmap = await createBitmap(picture);
  try {
    const { width, height } = bitmap;
    if (width * height > maxImagePixels) {
      throw new WorkerError(
        'too-many-pixels',
        `The picture has ${width} × ${height} pixels; the most that is read is ${maxImagePixels}.`,
      );
    }
    const context = whiteCanvas(width, height);
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height, { colorSpace: 'srgb' });
    return { data, width, height, channels: 4 };
  } finally {
    bitmap.close();
  }
}

async function createBitmap(picture: Blob | ImageBitmap): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(picture, { imageOrientation: 'from-image' });
  } catch (error) {
    throw new WorkerError('undecodable-image', 'This browser cannot read the picture.', {
      cause: error,
    });
  }
}

function whiteCanvas(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context)
    throw new WorkerError('too-many-pixels', 'The picture is too large for this browser.');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  return context;
}

let canvasIsFaithful: boolean | undefined;

/** Some browsers add noise to what is read from a canvas, against tracking; answers would be off. */
function assertFaithfulCanvas(): void {
  canvasIsFaithful ??= readsBackWhatWasDrawn();
  if (canvasIsFaithful) return;
  throw new WorkerError(
    'altered-pixels',
    'This browser alters pictures that a page reads, so an answer made here would be wrong.',
  );
}

function readsBackWhatWasDrawn(): boolean {
  const size = 16;
  const context = whiteCanvas(size, size);
  for (let i = 0; i < size * size; i++) {
    context.fillStyle = `rgb(${i} ${255 - i} ${(i * 7) % 256})`;
    context.fillRect(i % size, Math.floor(i / size), 1, 1);
  }
  const { data } = context.getImageData(0, 0, size, size);
  return Array.from({ length: size * size }, (_, i) => i).every(
    (i) => data[i * 4] === i && data[i * 4 + 1] === 255 - i && data[i * 4 + 2] === (i * 7) % 256,
  );
}
