import { Bytes } from './bytes';
import type { Orientation } from './orientation';

const ORIENTATION_TAG = 0x0112;
/**
 * Size in bytes of TIFF's integer types, by type number (TIFF 6.0, section 2). Encoders write the
 * orientation in more types than SHORT.
 */
const INTEGER_BYTES: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 6: 1, 8: 2, 9: 4 };

export interface ExifOrientation {
  readonly orientation: Orientation;
  /** Offset and length of the value in the file, so that a copy can be marked as upright. */
  readonly at: number;
  readonly bytes: number;
  readonly littleEndian: boolean;
}

/**
 * Reads the orientation in an EXIF block, which has the TIFF format (CIPA DC-008, 4.6.4).
 *
 * @param from offset of "II" or "MM"
 * @param to end of the block
 * @returns undefined if the block has no valid orientation
 */
export function readExifOrientation(
  file: Uint8Array,
  from: number,
  to: number,
): ExifOrientation | undefined {
  const exif = new Bytes(file.subarray(from, to));
  if (!exif.has(0, 'II*\0') && !exif.has(0, 'MM\0*')) return undefined;
  const littleEndian = exif.has(0, 'II');
  if (exif.length < 8) return undefined;
  const directory = exif.u32(4, littleEndian);
  if (directory + 2 > exif.length) return undefined;
  const count = exif.u16(directory, littleEndian);
  for (let i = 0; i < count; i++) {
    const entry = directory + 2 + i * 12;
    if (entry + 12 > exif.length) return undefined;
    if (exif.u16(entry, littleEndian) !== ORIENTATION_TAG) continue;
    const bytes = INTEGER_BYTES[exif.u16(entry + 2, littleEndian)];
    if (!bytes || exif.u32(entry + 4, littleEndian) < 1) return undefined;
    const value = readInteger(exif, entry + 8, bytes, littleEndian);
    if (value < 1 || value > 8) return undefined;
    const orientation = value as Orientation;
    return { orientation, at: from + entry + 8, bytes, littleEndian };
  }
  return undefined;
}

function readInteger(exif: Bytes, at: number, bytes: number, littleEndian: boolean): number {
  if (bytes === 1) return exif.u8(at);
  return bytes === 2 ? exif.u16(at, littleEndian) : exif.u32(at, littleEndian);
}

/** Overwrites an orientation with 1 (upright). */
export function writeUpright(file: Uint8Array, exif: ExifOrientation): void {
  file.fill(0, exif.at, exif.at + exif.bytes);
  file[exif.littleEndian ? exif.at : exif.at + exif.bytes - 1] = 1;
}
