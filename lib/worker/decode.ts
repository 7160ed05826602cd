import { writeUpright } from '@/lib/shared/picture/exif';
import { readFacts, type PictureFacts } from '@/lib/shared/picture/facts';
import { isTable } from '@/lib/shared/picture/icc';
import { putUpright } from '@/lib/shared/picture/orientation';
import { readProfileBytes } from '@/lib/shared/picture/profile-bytes';
import { DEFAULT_PICTURE_LIMITS, problemOf, type PictureLimits } from '@/lib/shared/picture/rules';
import type { PixelImage } from '@/lib/shared/vision/image';
import { isCanvasFaithful, readBitmap } from './canvas';
import { decodeWithoutCanvas } from './codecs/decode-own';
import { WorkerError } from './worker-error';

/**
 * Decodes a picture to the same pixels as the server does: upright, sRGB, transparency on white,
 * the first frame of an animation. Where browsers agree, a canvas decodes it, which is fastest.
 * Where browsers differ, or this canvas alters pixels, our own decoders do.
 *
 * @throws WorkerError that names the fault of the picture, or `altered-pixels` if only a canvas
 *   could read it and this canvas alters pixels
 */
export async function decodePicture(
  picture: Blob | ImageBitmap,
  maxImagePixels: number,
): Promise<PixelImage> {
  const limits = { ...DEFAULT_PICTURE_LIMITS, maxImagePixels };
  if (picture instanceof ImageBitmap) return fromCanvas(picture, limits);
  const bytes = await picture.arrayBuffer();
  const facts = readFacts(new Uint8Array(bytes));
  // The server does not read this format; this browser may.
  if (!facts) return fromCanvas(await createBitmap(picture), limits);
  if (facts === 'broken') throw new WorkerError('undecodable-image', 'The picture is broken.');
  const problem = problemOf(facts, limits);
  if (problem) {
    const code = problem.type === 'too-many-pixels' ? problem.type : 'undecodable-image';
    throw new WorkerError(code, problem.detail);
  }
  assertOneColour(bytes, facts);
  if (!isCanvasFaithful() || !doBrowsersAgree(facts)) return decodeWithoutCanvas(bytes, facts);
  const bitmap = await createBitmap(asUpright(picture, bytes, facts)).catch(() => undefined);
  // The browser cannot decode it: some lack AVIF.
  if (!bitmap) return decodeWithoutCanvas(bytes, facts);
  return putUpright(fromCanvas(bitmap, limits), facts.orientation);
}

/** @throws WorkerError for colour profiles that browsers convert differently */
function assertOneColour(bytes: ArrayBuffer, facts: PictureFacts): void {
  if (facts.colour.kind !== 'icc') return;
  const profile = readProfileBytes(new Uint8Array(bytes), facts);
  const isPrinters = facts.channels === 'cmyk';
  if (!isPrinters && !(profile && isTable(profile))) return;
  const kind = isPrinters ? 'of a printer’s profile' : 'of a profile made of tables';
  throw new WorkerError(
    'unsupported-picture',
    `The colours of this picture are those ${kind}, which browsers convert each in their own way.`,
  );
}

/**
 * Whether every browser's canvas gives the same pixels as the server's decoder, as we have tested.
 */
function doBrowsersAgree(facts: PictureFacts): boolean {
  const { colour, crop, turnedByProperty, limitedRange, animated, format } = facts;
  const isOddAvif = Boolean(crop) || turnedByProperty || limitedRange || animated;
  // The still picture of an animated PNG may not be one of its frames, and browsers then show a
  // frame.
  const isOdd = format === 'avif' ? isOddAvif : format === 'png' && animated;
  return colour.kind !== 'coded' && !isOdd;
}

/** A copy whose EXIF orientation is 1 (upright), so that no browser rotates the picture. */
function asUpright(picture: Blob, bytes: ArrayBuffer, { exif }: PictureFacts): Blob {
  if (!exif || exif.orientation === 1) return picture;
  const end = exif.at + exif.bytes;
  const head = new Uint8Array(bytes.slice(0, end));
  writeUpright(head, exif);
  return new Blob([head, picture.slice(end)]);
}

async function createBitmap(picture: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(picture);
  } catch (error) {
    throw new WorkerError('undecodable-image', 'This browser cannot read the picture.', {
      cause: error,
    });
  }
}

function fromCanvas(bitmap: ImageBitmap, { maxImagePixels }: PictureLimits): PixelImage {
  try {
    if (!isCanvasFaithful()) {
      throw new WorkerError(
        'altered-pixels',
        'This browser alters pictures that a page reads, so an answer made here would be wrong.',
      );
    }
    const { width, height } = bitmap;
    if (width * height > maxImagePixels) {
      throw new WorkerError(
        'too-many-pixels',
        `The picture has ${width} × ${height} pixels; the most that is read is ${maxImagePixels}.`,
      );
    }
    return readBitmap(bitmap);
  } finally {
    bitmap.close();
  }
}
