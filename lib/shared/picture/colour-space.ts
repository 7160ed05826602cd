/** A point of the CIE 1931 diagram. */
export type Chromaticity = readonly [x: number, y: number];

export interface Chromaticities {
  readonly red: Chromaticity;
  readonly green: Chromaticity;
  readonly blue: Chromaticity;
  readonly white: Chromaticity;
}

/** How light grows with the numbers. */
export type Transfer =
  | { readonly kind: 'srgb' }
  /** Light is the number to the power of the exponent; 1 is linear. */
  | { readonly kind: 'gamma'; readonly exponent: number }
  /** HDR: SMPTE ST 2084 and ARIB STD-B67, as ITU-R BT.2100 defines them. */
  | { readonly kind: 'pq' }
  | { readonly kind: 'hlg' };

export interface ColourSpace {
  readonly primaries: Chromaticities;
  readonly transfer: Transfer;
  /** Whether black is 16 and white 235, in 8 bits. */
  readonly limited: boolean;
}

const D65: Chromaticity = [0.3127, 0.329];
/** Of the profile connection space (ICC.1, 7.2.16). */
const D50: Chromaticity = [0.3457, 0.3585];

export const SRGB_PRIMARIES: Chromaticities = {
  red: [0.64, 0.33],
  green: [0.3, 0.6],
  blue: [0.15, 0.06],
  white: D65,
};

/** PNG writers round; a smaller difference nobody sees. */
const SAME_POINT = 0.005;
/** 2.2 is what writers say who mean sRGB (PNG, section 12.4). */
const SAME_EXPONENT = 0.05;

/** Whether taking the numbers for sRGB is right. */
export function isLikeSrgb({ primaries, transfer, limited }: ColourSpace): boolean {
  const isSameCurve =
    transfer.kind === 'srgb' ||
    (transfer.kind === 'gamma' && Math.abs(transfer.exponent - 2.2) <= SAME_EXPONENT);
  return !limited && isSameCurve && areSamePrimaries(primaries, SRGB_PRIMARIES);
}

function areSamePrimaries(a: Chromaticities, b: Chromaticities): boolean {
  return (['red', 'green', 'blue', 'white'] as const).every((name) =>
    a[name].every((value, axis) => Math.abs(value - b[name][axis]!) <= SAME_POINT),
  );
}

export type Vector = readonly [number, number, number];
export type Matrix = readonly [Vector, Vector, Vector];

/** Linear RGB of some primaries to linear sRGB, white staying white (Bradford). */
export function matrixToSrgb(primaries: Chromaticities): Matrix {
  const toXyz = rgbToXyz(primaries);
  const adapted = multiply(adaptWhite(primaries.white, D65), toXyz);
  return multiply(invert(rgbToXyz(SRGB_PRIMARIES)), adapted);
}

/** XYZ as profiles have it, seen under D50, to linear sRGB. */
export function matrixFromD50(columns: Matrix): Matrix {
  const adapted = multiply(adaptWhite(D50, D65), transpose(columns));
  return multiply(invert(rgbToXyz(SRGB_PRIMARIES)), adapted);
}

/** SMPTE RP 177. */
function rgbToXyz({ red, green, blue, white }: Chromaticities): Matrix {
  const columns = [red, green, blue].map(toXyz);
  const unscaled = transpose(columns as unknown as Matrix);
  const scale = apply(invert(unscaled), toXyz(white));
  return unscaled.map((row) => row.map((value, i) => value * scale[i]!)) as unknown as Matrix;
}

/** Of luminance 1. */
function toXyz([x, y]: Chromaticity): Vector {
  return [x / y, 1, (1 - x - y) / y];
}

const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];

function adaptWhite(from: Chromaticity, to: Chromaticity): Matrix {
  const [source, target] = [from, to].map((white) => apply(BRADFORD, toXyz(white)));
  const scale = [0, 1, 2].map((row) =>
    [0, 1, 2].map((column) => (row === column ? target![row]! / source![row]! : 0)),
  ) as unknown as Matrix;
  return multiply(invert(BRADFORD), multiply(scale, BRADFORD));
}

function apply(matrix: Matrix, vector: Vector): Vector {
  return matrix.map((row) =>
    row.reduce((sum, value, i) => sum + value * vector[i]!, 0),
  ) as unknown as Vector;
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return transpose(transpose(b).map((column) => apply(a, column)) as unknown as Matrix);
}

function transpose(matrix: Matrix): Matrix {
  return [0, 1, 2].map((i) => matrix.map((row) => row[i]!)) as unknown as Matrix;
}

function invert([a, b, c]: Matrix): Matrix {
  const columns = [cross(b, c), cross(c, a), cross(a, b)];
  const determinant = a.reduce((sum, value, i) => sum + value * columns[0]![i]!, 0);
  // No light of its own, or three on a line: colours that do not exist.
  if (!(Math.abs(determinant) > 1e-9)) return IDENTITY;
  return transpose(
    columns.map((column) => column.map((value) => value / determinant)) as unknown as Matrix,
  );
}

const IDENTITY: Matrix = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

function cross([a, b, c]: Vector, [x, y, z]: Vector): Vector {
  return [b * z - c * y, c * x - a * z, a * y - b * x];
}
