/** Reads the header of a WebP (RFC 9649). */
import { type Bytes, HeaderError } from './bytes';
import { readExifOrientation, type ExifOrientation } from './exif';
import type { PictureFacts } from './picture-facts';

const FIRST_CHUNK = 12;

export interface WebpChunk {
  readonly name: string;
  readonly at: number;
  readonly length: number;
}

export function readWebp(file: Bytes): PictureFacts {
  const chunks = readWebpChunks(file);
  const find = (name: string) => chunks.find((chunk) => chunk.name === name);
  const exif = readExif(file, find('EXIF'));
  return {
    format: 'webp',
    ...readSize(file, chunks[0]),
    orientation: exif?.orientation ?? 1,
    exif,
    colour: { kind: find('ICCP') ? 'icc' : 'srgb' },
    channels: 'rgb',
    bitDepth: 8,
    scans: 1,
    interlaced: false,
    animated: find('ANMF') !== undefined,
    complete: file.length >= 8 + file.u32(4, true),
  };
}

/** The chunks between two offsets: of the whole file, or inside another chunk. */
export function readWebpChunks(file: Bytes, from = FIRST_CHUNK, to = file.length): WebpChunk[] {
  const chunks: WebpChunk[] = [];
  for (let at = from; at + 8 <= to;) {
    const length = file.u32(at + 4, true);
    chunks.push({ name: file.name(at), at: at + 8, length });
    at += 8 + length + (length % 2);
  }
  return chunks;
}

/** Reads the size: RFC 9649, sections 2.7 (VP8X) and 3.4 (VP8L); RFC 6386, section 9.1 (VP8). */
function readSize(file: Bytes, chunk: WebpChunk | undefined): { width: number; height: number } {
  const at = chunk?.at ?? 0;
  switch (chunk?.name) {
    case 'VP8X':
      return { width: 1 + file.u24(at + 4, true), height: 1 + file.u24(at + 7, true) };
    case 'VP8L': {
      const bits = file.u32(at + 1, true);
      return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
    }
    case 'VP8 ':
      return { width: file.u16(at + 6, true) & 0x3fff, height: file.u16(at + 8, true) & 0x3fff };
    default:
      throw new HeaderError('The WebP begins with no picture.');
  }
}

function readExif(file: Bytes, chunk: WebpChunk | undefined): ExifOrientation | undefined {
  if (!chunk) return undefined;
  // Some encoders keep the prefix that EXIF has in a JPEG.
  const from = chunk.at + (file.has(chunk.at, 'Exif\0\0') ? 6 : 0);
  return readExifOrientation(file.data, from, chunk.at + chunk.length);
}
