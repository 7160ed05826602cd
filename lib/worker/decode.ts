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
 * Bytes of a picture to pixels, equal to the server's: upright, in sRGB, transparency laid on white,
 * the first frame. A bitmap drawn on a canvas is the quick way for what browsers agree on; where they
 * do not, or the canvas does not give back what was drawn, the picture is decoded here.
 *
 * @throws WorkerError with what is wrong with the picture, or `altered-pixels` where only a canvas
 *   could read it
 */
export async function decodePicture(
  picture: Blob | ImageBitmap,
  maxImagePixels: number,
): Promise<PixelImage> {
  const limits = { ...DEFAULT_PICTURE_LIMITS, maxImagePixels };
  if (picture instanceof ImageBitmap) return fromCanvas(picture, limits);
  const bytes = await picture.arrayBuffer();
  const facts = readFacts(new Uint8Array(bytes));
  // A format that the server does not read, and this browser perhaps does.
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
  // Some browsers lack AVIF.
  if (!bitmap) return decodeWithoutCanvas(bytes, facts);
  return putUpright(fromCanvas(bitmap, limits), facts.orientation);
}

/** @throws WorkerError for profiles that browsers convert each in their own way */
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

/** What was seen to come out of every browser's canvas as out of the server's decoder. */
function doBrowsersAgree(facts: PictureFacts): boolean {
  const { colour, crop, turnedByProperty, limitedRange, animated, format } = facts;
  const isOddAvif = Boolean(crop) || turnedByProperty || limitedRange || animated;
  // The still picture of an animated PNG may be no frame of it, and browsers then show a frame.
  const isOdd = format === 'avif' ? isOddAvif : format === 'png' && animated;
  return colour.kind !== 'coded' && !isOdd;
}

/** A copy that says it lies upright, so that no browser turns it. */
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
