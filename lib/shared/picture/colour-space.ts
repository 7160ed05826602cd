/** A point of the CIE 1931 chromaticity diagram. */
export type Chromaticity = readonly [x: number, y: number];

export interface Chromaticities {
  readonly red: Chromaticity;
  readonly green: Chromaticity;
  readonly blue: Chromaticity;
  readonly white: Chromaticity;
}

/** The transfer function: from stored values to linear light. */
export type Transfer =
  | { readonly kind: 'srgb' }
  /** Light is the value raised to the exponent; exponent 1 is linear. */
  | { readonly kind: 'gamma'; readonly exponent: number }
  /** HDR: SMPTE ST 2084 and ARIB STD-B67, as ITU-R BT.2100 defines them. */
  | { readonly kind: 'pq' }
  | { readonly kind: 'hlg' };

export interface ColourSpace {
  readonly primaries: Chromaticities;
  readonly transfer: Transfer;
  /** Whether black is 16 and white is 235 (at 8 bits). */
  readonly limited: boolean;
}

const D65: Chromaticity = [0.3127, 0.329];
/** White point of the profile connection space (ICC.1, 7.2.16). */
const D50: Chromaticity = [0.3457, 0.3585];

export const SRGB_PRIMARIES: Chromaticities = {
  red: [0.64, 0.33],
  green: [0.3, 0.6],
  blue: [0.15, 0.06],
  white: D65,
};

/** PNG encoders round chromaticities; nobody sees smaller differences. */
const SAME_POINT = 0.005;
/** Encoders write 2.2 when they mean sRGB (PNG, section 12.4). */
const SAME_EXPONENT = 0.05;

/** Whether the colour space can be treated as sRGB. */
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

/**
 * Matrix from linear RGB with the given primaries to linear sRGB. White stays white (Bradford
 * adaptation).
 */
export function matrixToSrgb(primaries: Chromaticities): Matrix {
  const toXyz = rgbToXyz(primaries);
  const adapted = multiply(adaptWhite(primaries.white, D65), toXyz);
  return multiply(invert(rgbToXyz(SRGB_PRIMARIES)), adapted);
}

/** Matrix from linear RGB to linear sRGB, for a profile's columns in XYZ under D50. */
export function matrixFromD50(columns: Matrix): Matrix {
  const adapted = multiply(adaptWhite(D50, D65), transpose(columns));
  return multiply(invert(rgbToXyz(SRGB_PRIMARIES)), adapted);
}

/** RGB to XYZ, by SMPTE RP 177. */
function rgbToXyz({ red, green, blue, white }: Chromaticities): Matrix {
  const columns = [red, green, blue].map(toXyz);
  const unscaled = transpose(columns as unknown as Matrix);
  const scale = apply(invert(unscaled), toXyz(white));
  return unscaled.map((row) => row.map((value, i) => value * scale[i]!)) as unknown as Matrix;
}

/** XYZ of a chromaticity with luminance 1. */
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
  // The three primaries lie on a line, or one has no light: such colours do not exist.
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
