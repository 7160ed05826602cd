/** Which pictures are refused on server and device, decided from the header alone. */
import type { PictureFacts } from './facts';

export interface PictureLimits {
  readonly maxImagePixels: number;
  /** Peak memory that decoding may take, as `decodeBytes` estimates it. */
  readonly maxDecodeBytes: number;
}

export const DEFAULT_PICTURE_LIMITS: PictureLimits = {
  maxImagePixels: 64_000_000,
  maxDecodeBytes: 512 * 1024 * 1024,
};

/** Why a picture is refused. Plain data, because it is passed between threads. */
export interface PictureProblem {
  readonly type: 'undecodable-image' | 'too-many-pixels' | 'unsupported-image';
  readonly detail: string;
  readonly expected: string;
  readonly received: string;
}

/**
 * A JPEG's longest side, in pixels. A picture one pixel wide and millions high is a small file, but
 * slow to resize.
 */
const MAX_SIDE = 65_535;
/** Encoders write up to about twenty scans. Each scan is a pass over the whole picture. */
const MAX_SCANS = 100;

/** The first rule that a picture violates; undefined if it may be decoded. */
export function problemOf(
  facts: PictureFacts,
  limits: PictureLimits = DEFAULT_PICTURE_LIMITS,
): PictureProblem | undefined {
  return sizeProblem(facts, limits) ?? scansProblem(facts) ?? wholenessProblem(facts);
}

function sizeProblem(facts: PictureFacts, limits: PictureLimits): PictureProblem | undefined {
  const { width, height } = facts;
  const { maxImagePixels, maxDecodeBytes } = limits;
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
  if (Math.max(width, height) > MAX_SIDE) {
    return {
      type,
      detail: `${picture}; the longest side that is read has ${MAX_SIDE}.`,
      expected: `sides of at most ${MAX_SIDE} pixels`,
      received: `${width} × ${height} pixels`,
    };
  }
  const bytes = decodeBytes(facts);
  if (bytes <= maxDecodeBytes) return undefined;
  const kind = describeKind(facts);
  return {
    type,
    detail: `${picture}; as ${kind} it needs about ${bytes} bytes to decode, and the most that is given is ${maxDecodeBytes}.`,
    expected: `at most ${maxDecodeBytes} bytes to decode`,
    received: `${bytes} bytes for ${width} × ${height} pixels of ${kind}`,
  };
}

function scansProblem({ scans }: PictureFacts): PictureProblem | undefined {
  if (scans <= MAX_SCANS) return undefined;
  return {
    type: 'undecodable-image',
    detail: `The JPEG is stored in ${scans} scans; the most that is read is ${MAX_SCANS}.`,
    expected: `at most ${MAX_SCANS} scans`,
    received: `${scans} scans`,
  };
}

function wholenessProblem({ complete }: PictureFacts): PictureProblem | undefined {
  return complete ? undefined : brokenPicture('a file without its end');
}

/** @param received what is wrong with the picture */
export function brokenPicture(received: string): PictureProblem {
  return {
    type: 'undecodable-image',
    detail: 'The picture is broken or incomplete: its header is right, the rest cannot be read.',
    expected: 'a complete picture',
    received,
  };
}

/**
 * Peak memory of decoding, in bytes: the number of pixels times the memory per pixel that we
 * measured for the server's decoder, result included, rounded up.
 */
export function decodeBytes(facts: PictureFacts): number {
  return facts.width * facts.height * bytesPerPixel(facts);
}

function bytesPerPixel(facts: PictureFacts): number {
  const { format, interlaced, bitDepth, orientation, colour } = facts;
  // Rotating needs a whole copy, where the decoder could otherwise work row by row.
  const turned = orientation === 1 ? 0 : bitDepth === 16 ? 6 : 3;
  const converted = colour.kind === 'coded' ? 3 : 0;
  switch (format) {
    case 'avif':
      return (bitDepth === 8 ? 19 : 26) + converted;
    case 'webp':
      return 12;
    case 'gif':
      return 8;
    case 'jpeg':
      return interlaced ? 10 : 4 + turned;
    case 'png':
      return (interlaced ? (bitDepth === 16 ? 15 : 7) : 4) + turned + converted;
  }
}

function describeKind({ format, interlaced }: PictureFacts): string {
  const name = { jpeg: 'JPEG', png: 'PNG', webp: 'WebP', avif: 'AVIF', gif: 'GIF' }[format];
  if (!interlaced) return name;
  return format === 'jpeg' ? `progressive ${name}` : `interlaced ${name}`;
}
