/** Reads the header of a PNG (W3C, third edition). */
import { type Bytes, HeaderError } from './bytes';
import { codedColour } from './code-points';
import { isLikeSrgb, SRGB_PRIMARIES, type Chromaticities } from './colour-space';
import { readExifOrientation, type ExifOrientation } from './exif';
import type { Colour, PictureFacts } from './picture-facts';

const SIGNATURE_BYTES = 8;
/** PNG stores gamma and chromaticities multiplied by 100,000. */
const UNIT = 100_000;

interface Chunks {
  /** Offset and length of the data of each name's first chunk. */
  readonly found: ReadonlyMap<string, { readonly at: number; readonly length: number }>;
  readonly complete: boolean;
}

export function readPng(file: Bytes): PictureFacts {
  const { found, complete } = readChunks(file);
  const header = found.get('IHDR');
  if (!header || header.length < 13) throw new HeaderError('The PNG has no header.');
  const exif = readExif(file, found.get('eXIf'));
  return {
    format: 'png',
    width: file.u32(header.at),
    height: file.u32(header.at + 4),
    bitDepth: file.u8(header.at + 8),
    channels: (file.u8(header.at + 9) & 2) === 0 ? 'grey' : 'rgb',
    interlaced: file.u8(header.at + 12) === 1,
    orientation: exif?.orientation ?? 1,
    exif,
    colour: readColour(file, found),
    scans: 1,
    animated: found.has('acTL'),
    complete: complete && found.has('IDAT'),
  };
}

function readChunks(file: Bytes): Chunks {
  const found = new Map<string, { at: number; length: number }>();
  for (let at = SIGNATURE_BYTES; at + 12 <= file.length;) {
    const length = file.u32(at);
    const name = file.name(at + 4);
    const end = at + 12 + length;
    if (end > file.length) break;
    if (!found.has(name)) found.set(name, { at: at + 8, length });
    if (name === 'IEND') return { found, complete: true };
    at = end;
  }
  return { found, complete: false };
}

function readExif(
  file: Bytes,
  chunk: { at: number; length: number } | undefined,
): ExifOrientation | undefined {
  if (!chunk) return undefined;
  return readExifOrientation(file.data, chunk.at, chunk.at + chunk.length);
}

/** Section 4.3: the first of these that is present counts: cICP, iCCP, sRGB, gAMA with cHRM. */
function readColour(file: Bytes, found: Chunks['found']): Colour {
  const coded = found.get('cICP');
  if (coded && coded.length >= 4) {
    const [primaries, transfer] = [file.u8(coded.at), file.u8(coded.at + 1)];
    return codedColour(primaries, transfer, file.u8(coded.at + 3) === 0);
  }
  if (found.has('iCCP')) return { kind: 'icc' };
  if (found.has('sRGB')) return { kind: 'srgb' };
  const gamma = found.get('gAMA');
  const encoding = gamma && gamma.length >= 4 ? file.u32(gamma.at) / UNIT : 0;
  // Without gAMA the transfer function is unknown, so cHRM alone is ignored.
  if (encoding <= 0) return { kind: 'srgb' };
  const chromaticities = found.get('cHRM');
  const primaries =
    chromaticities && chromaticities.length >= 32
      ? readChromaticities(file, chromaticities.at)
      : SRGB_PRIMARIES;
  const space = {
    primaries,
    transfer: { kind: 'gamma', exponent: 1 / encoding } as const,
    limited: false,
  };
  return isLikeSrgb(space) ? { kind: 'srgb' } : { kind: 'coded', space };
}

function readChromaticities(file: Bytes, at: number): Chromaticities {
  const pair = (index: number): [number, number] => [
    file.u32(at + index * 8) / UNIT,
    file.u32(at + index * 8 + 4) / UNIT,
  ];
  return { white: pair(0), red: pair(1), green: pair(2), blue: pair(3) };
}
