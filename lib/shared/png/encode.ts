import { zlibSync } from 'fflate';
import { crc32 } from './crc';
import { filterRows } from './filter';

/** Pixels, rows from the top, 8 bits per channel: grey, or red, green, blue. */
export interface PngPixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const COLOUR_TYPE = { 1: 0, 3: 2 } as const;

/**
 * `mem` is set because fflate would otherwise derive it with a logarithm, which engines may round
 * differently.
 */
const DEFLATE = { level: 9, mem: 8 } as const;

/**
 * Encodes pixels as a PNG without a canvas. The file has only the necessary chunks: no colour
 * profile, no time. Equal pixels give equal bytes in every engine, so a hash of the file identifies
 * the pixels.
 *
 * Format: https://www.w3.org/TR/png-3/
 *
 * @throws RangeError if the number of bytes does not match width × height × channels
 */
export function encodePng({ data, width, height, channels }: PngPixels): Uint8Array<ArrayBuffer> {
  const expected = width * height * channels;
  if (expected === 0 || data.length !== expected) {
    throw new RangeError(
      `expected ${width} × ${height} × ${channels} bytes and at least one, received ${data.length}`,
    );
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, COLOUR_TYPE[channels]], 8);
  const rows = filterRows(data, width * channels, channels);
  return join([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', zlibSync(rows, DEFLATE)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(content.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(content, 8);
  view.setUint32(content.length + 8, crc32(bytes.subarray(4, content.length + 8)));
  return bytes;
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
