/**
 * Reads matrix profiles (three curves and a matrix) and grey profiles (one curve): ICC.1:2022, 8.3
 * and 8.4.
 */
import { Bytes, HeaderError } from './bytes';
import { matrixFromD50, type Matrix, type Vector } from './colour-space';
import type { Conversion } from './to-srgb';

const HEADER_BYTES = 128;
const IDENTITY: Matrix = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/**
 * Conversion from a profile's colours to sRGB.
 *
 * @returns undefined for table-based profiles, such as those of printers, and for broken ones
 */
export function readProfile(profile: Uint8Array): Conversion | undefined {
  try {
    const file = new Bytes(profile);
    const tags = readTags(file);
    const space = file.name(16);
    if (areTabular(tags)) return undefined;
    if (space === 'GRAY') {
      const curve = readCurve(file, tags.get('kTRC'));
      return { curves: [curve, curve, curve], matrix: IDENTITY, isHdr: false };
    }
    if (space !== 'RGB ') return undefined;
    const [red, green, blue] = ['r', 'g', 'b'].map((name) => ({
      curve: readCurve(file, tags.get(`${name}TRC`)),
      column: readXyz(file, tags.get(`${name}XYZ`)),
    }));
    return {
      curves: [red!.curve, green!.curve, blue!.curve],
      matrix: matrixFromD50([red!.column, green!.column, blue!.column]),
      isHdr: false,
    };
  } catch (error) {
    if (error instanceof HeaderError) return undefined;
    throw error;
  }
}

/** Whether a lookup table describes the colours. Decoders interpret such tables differently. */
export function isTable(profile: Uint8Array): boolean {
  try {
    return areTabular(readTags(new Bytes(profile)));
  } catch (error) {
    if (error instanceof HeaderError) return false;
    throw error;
  }
}

/** A lookup table takes precedence over the matrix. */
function areTabular(tags: ReadonlyMap<string, number>): boolean {
  return tags.has('A2B0') || tags.has('A2B1');
}

function readTags(file: Bytes): Map<string, number> {
  const tags = new Map<string, number>();
  const count = file.u32(HEADER_BYTES);
  for (let i = 0; i < Math.min(count, 100); i++) {
    const at = HEADER_BYTES + 4 + i * 12;
    tags.set(file.name(at), file.u32(at + 4));
  }
  return tags;
}

function readXyz(file: Bytes, at: number | undefined): Vector {
  if (at === undefined || !file.has(at, 'XYZ ')) throw new HeaderError('A colour is missing.');
  return [fixed(file, at + 8), fixed(file, at + 12), fixed(file, at + 16)];
}

/** Reads an s15Fixed16Number. */
function fixed(file: Bytes, at: number): number {
  return file.i32(at) / 65_536;
}

/** Linear light for each of the 256 values. */
function readCurve(file: Bytes, at: number | undefined): Float64Array {
  if (at === undefined) throw new HeaderError('A curve is missing.');
  const toLight = file.has(at, 'para') ? parametric(file, at) : sampled(file, at);
  return Float64Array.from({ length: 256 }, (_, number) =>
    Math.max(0, Math.min(1, toLight(number / 255))),
  );
}

/** `curv` (10.6): no entry means linear, one entry is an exponent, more are samples. */
function sampled(file: Bytes, at: number): (value: number) => number {
  if (!file.has(at, 'curv')) throw new HeaderError('A curve of another kind.');
  const count = file.u32(at + 8);
  if (count === 0) return (value) => value;
  if (count === 1) {
    const exponent = file.u16(at + 12) / 256;
    return (value) => value ** exponent;
  }
  const sample = (index: number) => file.u16(at + 12 + index * 2) / 65_535;
  return (value) => {
    const place = value * (count - 1);
    const before = Math.min(Math.floor(place), count - 2);
    return sample(before) + (place - before) * (sample(before + 1) - sample(before));
  };
}

/** `para` (10.18), function types 0 to 4. */
function parametric(file: Bytes, at: number): (value: number) => number {
  const kind = file.u16(at + 8);
  const parameters = [1, 3, 4, 5, 7][kind];
  if (parameters === undefined) throw new HeaderError('A curve of another kind.');
  const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from(
    { length: parameters },
    (_, i) => fixed(file, at + 12 + i * 4),
  );
  if (kind === 0) return (value) => value ** g;
  if (kind <= 2) {
    const offset = kind === 2 ? c : 0;
    return (value) => (value >= -b / a ? (a * value + b) ** g + offset : offset);
  }
  return (value) => (value >= d ? (a * value + b) ** g + e : c * value + f);
}
