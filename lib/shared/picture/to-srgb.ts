import type { RgbImage } from '../vision/image';
import { matrixToSrgb, type ColourSpace, type Matrix, type Transfer } from './colour-space';

/**
 * Luminance in candela per square metre (nits): of paper white, and of the brightest highlights
 * that HDR is mapped for (ITU-R BT.2408).
 */
const WHITE_NITS = 203;
const PEAK_NITS = 1000;
/** Below the knee, HDR stays unchanged. Above, highlights are compressed. */
const KNEE = 0.5;

const LEVELS = 16_384;
let encodings: Uint8Array | undefined;

/** How stored values become linear light: one curve per colour, then a matrix. */
export interface Conversion {
  /** Light for each 8-bit value. 1 is white; in HDR, paper white. */
  readonly curves: readonly [Float64Array, Float64Array, Float64Array];
  /** To linear sRGB. */
  readonly matrix: Matrix;
  readonly isHdr: boolean;
}

/**
 * Converts colours to sRGB and clips them to its gamut. HDR is tone-mapped for a normal screen:
 * paper white becomes three quarters of white, and 1,000 nits become white.
 */
export function toSrgb(image: RgbImage, { primaries, transfer, limited }: ColourSpace): RgbImage {
  const light = lightOf(transfer, limited);
  return convert(image, {
    curves: [light, light, light],
    matrix: matrixToSrgb(primaries),
    isHdr: transfer.kind === 'pq' || transfer.kind === 'hlg',
  });
}

export function convert(image: RgbImage, { curves, matrix, isHdr }: Conversion): RgbImage {
  const [red, green, blue] = matrix;
  const [lightRed, lightGreen, lightBlue] = curves;
  encodings ??= encodeLevels();
  const data = new Uint8Array(image.data.length);
  for (let i = 0; i < data.length; i += 3) {
    const r = lightRed[image.data[i]!]!;
    const g = lightGreen[image.data[i + 1]!]!;
    const b = lightBlue[image.data[i + 2]!]!;
    const inRed = red[0] * r + red[1] * g + red[2] * b;
    const inGreen = green[0] * r + green[1] * g + green[2] * b;
    const inBlue = blue[0] * r + blue[1] * g + blue[2] * b;
    const scale = isHdr ? toneScale(Math.max(inRed, inGreen, inBlue)) : 1;
    data[i] = encode(inRed * scale);
    data[i + 1] = encode(inGreen * scale);
    data[i + 2] = encode(inBlue * scale);
  }
  return { ...image, data };
}

/** Expands grey or RGB from 16–235 to 0–255. */
export function expandRange(image: RgbImage): RgbImage {
  return { ...image, data: image.data.map((value) => clampByte(((value - 16) * 255) / 219)) };
}

function encode(light: number): number {
  return encodings![Math.max(0, Math.min(LEVELS - 1, Math.round(light * (LEVELS - 1))))]!;
}

/** sRGB's transfer function (IEC 61966-2-1), as a table. */
function encodeLevels(): Uint8Array {
  return Uint8Array.from({ length: LEVELS }, (_, level) => {
    const light = level / (LEVELS - 1);
    const value = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
    return Math.round(value * 255);
  });
}

/** Light for each 8-bit value. 1 is white; in HDR, paper white. */
function lightOf(transfer: Transfer, limited: boolean): Float64Array {
  return Float64Array.from({ length: 256 }, (_, number) =>
    toLight(transfer, (limited ? clampByte(((number - 16) * 255) / 219) : number) / 255),
  );
}

function toLight(transfer: Transfer, value: number): number {
  switch (transfer.kind) {
    case 'srgb':
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    case 'gamma':
      return value ** transfer.exponent;
    case 'pq':
      return pqNits(value) / WHITE_NITS;
    case 'hlg':
      return hlgNits(value) / WHITE_NITS;
  }
}

/** Luminance of a PQ value in nits (ITU-R BT.2100, table 4). */
function pqNits(value: number): number {
  const [m1, m2] = [2610 / 16384, (2523 / 4096) * 128];
  const [c1, c2, c3] = [3424 / 4096, (2413 / 4096) * 32, (2392 / 4096) * 32];
  const power = value ** (1 / m2);
  return 10_000 * (Math.max(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1);
}

/**
 * Luminance of an HLG value on a screen of 1,000 nits (ITU-R BT.2100, table 5). The system gamma of
 * 1.2 is applied per colour, which is exact for greys only.
 */
function hlgNits(value: number): number {
  const [a, b, c] = [0.17883277, 0.28466892, 0.55991073];
  const scene = value <= 0.5 ? value ** 2 / 3 : (Math.exp((value - c) / a) + b) / 12;
  return PEAK_NITS * scene ** 1.2;
}

/** Extended Reinhard tone mapping above the knee (Reinhard et al. 2002, equation 4). */
function toneScale(brightest: number): number {
  if (brightest <= KNEE) return 1;
  const peak = (PEAK_NITS / WHITE_NITS - KNEE) / (1 - KNEE);
  const over = (brightest - KNEE) / (1 - KNEE);
  const pressed = (over * (1 + over / peak ** 2)) / (1 + over);
  return (KNEE + (1 - KNEE) * Math.min(1, pressed)) / brightest;
}

function clampByte(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}
