/** Colour code points of AVIF (`nclx`) and PNG (`cICP`): ITU-T H.273, tables 2 and 3. */
import {
  isLikeSrgb,
  SRGB_PRIMARIES,
  type Chromaticities,
  type Chromaticity,
  type ColourSpace,
  type Transfer,
} from './colour-space';
import type { Colour } from './picture-facts';

const D65: Chromaticity = [0.3127, 0.329];
const C: Chromaticity = [0.31, 0.316];
const DCI: Chromaticity = [0.314, 0.351];

const rgb = (
  red: Chromaticity,
  green: Chromaticity,
  blue: Chromaticity,
  white: Chromaticity = D65,
): Chromaticities => ({ red, green, blue, white });

const NTSC = rgb([0.63, 0.34], [0.31, 0.595], [0.155, 0.07]);

/**
 * All other code points count as sRGB: they are reserved, unspecified, or no RGB primaries (10).
 */
const PRIMARIES: Readonly<Record<number, Chromaticities>> = {
  4: rgb([0.67, 0.33], [0.21, 0.71], [0.14, 0.08], C),
  5: rgb([0.64, 0.33], [0.29, 0.6], [0.15, 0.06]),
  6: NTSC,
  7: NTSC,
  8: rgb([0.681, 0.319], [0.243, 0.692], [0.145, 0.049], C),
  9: rgb([0.708, 0.292], [0.17, 0.797], [0.131, 0.046]),
  11: rgb([0.68, 0.32], [0.265, 0.69], [0.15, 0.06], DCI),
  12: rgb([0.68, 0.32], [0.265, 0.69], [0.15, 0.06]),
  22: rgb([0.63, 0.34], [0.295, 0.605], [0.155, 0.077]),
};

/**
 * All other code points count as sRGB. Browsers do the same with camera curves (1, 6, 14, 15),
 * because screens invert them with sRGB's curve.
 */
const TRANSFERS: Readonly<Record<number, Transfer>> = {
  4: { kind: 'gamma', exponent: 2.2 },
  5: { kind: 'gamma', exponent: 2.8 },
  8: { kind: 'gamma', exponent: 1 },
  16: { kind: 'pq' },
  17: { kind: 'gamma', exponent: 2.6 },
  18: { kind: 'hlg' },
};

export function codedColour(primaries: number, transfer: number, limited: boolean): Colour {
  const space: ColourSpace = {
    primaries: PRIMARIES[primaries] ?? SRGB_PRIMARIES,
    transfer: TRANSFERS[transfer] ?? { kind: 'srgb' },
    limited,
  };
  return isLikeSrgb(space) ? { kind: 'srgb' } : { kind: 'coded', space };
}
