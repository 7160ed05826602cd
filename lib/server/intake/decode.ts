import sharp, { type Sharp } from 'sharp';
import { readFacts, type PictureFacts } from '@/lib/shared/picture/facts';
import { finishColours, inkToRgb, whitenOutside } from '@/lib/shared/picture/finish';
import { turnOf } from '@/lib/shared/picture/orientation';
import {
  brokenPicture,
  problemOf,
  type PictureLimits,
  type PictureProblem,
} from '@/lib/shared/picture/rules';
import { toRgb, type RgbImage } from '@/lib/shared/vision/image';

export interface DecodeLimits extends PictureLimits {
  readonly timeoutSeconds: number;
}

export type DecodeProblem = PictureProblem;

export type DecodeResult =
  | { readonly ok: true; readonly image: RgbImage }
  | { readonly ok: false; readonly problem: DecodeProblem };

/** Call once in each thread that decodes. */
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
 * Bytes of a picture to RGB: first frame, upright, in sRGB, transparency laid on white. Size, cost
 * and completeness are read from the header before any pixel is decoded. Orientation and colours
 * that no profile describes are ours, as on the device; profiles are LittleCMS's, in libvips.
 */
export async function decodeImage(bytes: Uint8Array, limits: DecodeLimits): Promise<DecodeResult> {
  const facts = readFacts(bytes);
  if (!facts) return { ok: false, problem: brokenPicture('another format') };
  if (facts === 'broken') return { ok: false, problem: brokenPicture('a header without sense') };
  const problem = problemOf(facts, limits) ?? sequenceProblem(facts);
  if (problem) return { ok: false, problem };
  try {
    return { ok: true, image: await decode(bytes, facts, limits) };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0]! : String(error);
    const isSequence = facts.format === 'avif' && facts.animated;
    return { ok: false, problem: isSequence ? unreadSequence(reason) : brokenPicture(reason) };
  }
}

/** libheif knows fewer kinds than browsers do, as those with transparency. */
function unreadSequence(received: string): DecodeProblem {
  return {
    type: 'unsupported-image',
    detail: 'This AVIF sequence is of a kind that is not read here, or broken.',
    expected: 'an AVIF that libheif reads',
    received,
  };
}

/** Not `undecodable-image`: the file is valid, and other decoders read it. */
function sequenceProblem({ sequenceOnly }: PictureFacts): DecodeProblem | undefined {
  if (!sequenceOnly) return undefined;
  return {
    type: 'unsupported-image',
    detail: 'This AVIF has frames only and no still picture, which is not read here.',
    expected: 'an AVIF with a still picture',
    received: 'an AVIF sequence',
  };
}

async function decode(
  bytes: Uint8Array,
  facts: PictureFacts,
  limits: DecodeLimits,
): Promise<RgbImage> {
  const source = sharp(asStill(bytes, facts), {
    limitInputPixels: limits.maxImagePixels,
    failOn: 'error',
    pages: 1,
    sequentialRead: true,
    ignoreIcc: facts.colour.kind !== 'icc',
  }).timeout({ seconds: limits.timeoutSeconds });
  const upright = turn(source, facts);
  if (facts.channels === 'cmyk' && facts.colour.kind !== 'icc') return decodeInk(upright);
  // sharp works on more than 8 bits with a profile in Display P3, and leaves them there unless told.
  const isInP3 = facts.bitDepth > 8 && facts.channels === 'rgb' && facts.colour.kind === 'icc';
  const { data, info } = await (isInP3 ? upright.withIccProfile('srgb') : upright)
    .toColourspace('srgb')
    .flatten({ background: '#ffffff' })
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const image: RgbImage = { data, width, height, channels: 3 };
  return toRgb(finishColours(whitenOutside(image, facts.firstFrame), facts));
}

const BRAND_AT = 8;

/**
 * libvips recognises AVIF by its major brand, and refuses that of a sequence even if it has a still
 * picture.
 */
function asStill(bytes: Uint8Array, { format, animated }: PictureFacts): Uint8Array {
  if (format !== 'avif' || !animated) return bytes;
  const copy = Uint8Array.from(bytes);
  copy.set(new TextEncoder().encode('avif'), BRAND_AT);
  return copy;
}

/** Reads CMYK without a profile as it is; libvips would apply a profile of its own. */
async function decodeInk(source: Sharp): Promise<RgbImage> {
  const { data, info } = await source
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return inkToRgb({ data }, info.width, info.height);
}

/** Puts a picture upright; for AVIF's own properties the decoder has done so. */
function turn(source: Sharp, { orientation, turnedByProperty }: PictureFacts): Sharp {
  if (turnedByProperty) return source;
  const { mirrored, degrees } = turnOf(orientation);
  // sharp always mirrors before it rotates, whatever the order of the calls.
  return source.flop(mirrored).rotate(degrees);
}
