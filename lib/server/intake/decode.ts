import sharp from 'sharp';
import type { ProblemType } from '../../shared/contract/problems';
import type { RgbImage } from '../../shared/vision/image';

/** The most a JPEG can have. A picture a pixel wide and millions high is small, but slow to resize. */
const MAX_SIDE = 65_535;

export interface DecodeLimits {
  readonly maxImagePixels: number;
  readonly timeoutSeconds: number;
}

/** Why a picture was not decoded; plain data, because it crosses from a worker thread. */
export interface DecodeProblem {
  readonly type: Extract<ProblemType, 'undecodable-image' | 'too-many-pixels'>;
  readonly detail: string;
  readonly expected: string;
  readonly received: string;
}

export type DecodeResult =
  | { readonly ok: true; readonly image: RgbImage }
  | { readonly ok: false; readonly problem: DecodeProblem };

/** To be called once in each thread that decodes. */
export function configureDecoder(): void {
  // One thread a picture: the pool decides how many pictures are decoded side by side.
  sharp.concurrency(1);
  sharp.cache(false);
  // Formats we do not offer must not be reachable through bytes that pretend to be another.
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: [
      'VipsForeignLoadJpegBuffer',
      'VipsForeignLoadPngBuffer',
      'VipsForeignLoadWebpBuffer',
      'VipsForeignLoadNsgifBuffer',
      'VipsForeignLoadHeifBuffer',
    ],
  });
}

/**
 * Bytes of a picture to RGB: first frame, upright by its EXIF orientation, in sRGB, transparency
 * laid on white. The size is checked in the header, before any pixel is decoded.
 */
export async function decodeImage(bytes: Uint8Array, limits: DecodeLimits): Promise<DecodeResult> {
  try {
    const problem = isJpeg(bytes) ? undefined : await checkSize(bytes, limits);
    if (problem) return { ok: false, problem };
    const { data, info } = await sharp(bytes, {
      limitInputPixels: limits.maxImagePixels,
      failOn: 'error',
      pages: 1,
      sequentialRead: true,
    })
      .timeout({ seconds: limits.timeoutSeconds })
      .autoOrient()
      .toColourspace('srgb')
      .flatten({ background: '#ffffff' })
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    return { ok: true, image: { data, width, height, channels: 3 } };
  } catch (error) {
    // The decoder has counted the pixels as well, and says only that they are too many.
    const tooLarge = await checkSize(bytes, limits).catch(() => undefined);
    return { ok: false, problem: tooLarge ?? undecodable(error) };
  }
}

/**
 * A JPEG's sides have 16 bits and cannot be too long, and its pixels are counted by the decoder:
 * reading its header apart would only cost time.
 */
function isJpeg([first, second]: Uint8Array): boolean {
  return first === 0xff && second === 0xd8;
}

async function checkSize(
  bytes: Uint8Array,
  limits: DecodeLimits,
): Promise<DecodeProblem | undefined> {
  const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
  return sizeProblem(width, height, limits);
}

function sizeProblem(
  width: number,
  height: number,
  { maxImagePixels }: DecodeLimits,
): DecodeProblem | undefined {
  const type = 'too-many-pixels';
  const picture = `The picture has ${width} × ${height} pixels`;
  if (width * height > maxImagePixels) {
    return {
      type,
      detail: `${picture}; the most that is read is ${maxImagePixels}.`,
      expected: `at most ${maxImagePixels} pixels`,
      received: `${width * height} pixels`,
    };
  }
  if (Math.max(width, height) <= MAX_SIDE) return undefined;
  return {
    type,
    detail: `${picture}; the longest side that is read has ${MAX_SIDE}.`,
    expected: `sides of at most ${MAX_SIDE} pixels`,
    received: `${width} × ${height} pixels`,
  };
}

function undecodable(error: unknown): DecodeProblem {
  const reason = error instanceof Error ? error.message.split('\n', 1)[0]! : String(error);
  return {
    type: 'undecodable-image',
    detail: 'The picture is broken or incomplete: its header is right, the rest cannot be read.',
    expected: 'a complete picture',
    received: reason,
  };
}
