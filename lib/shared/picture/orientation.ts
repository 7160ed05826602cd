import type { PixelImage } from '../vision/image';

/**
 * EXIF orientation (CIPA DC-008, 4.6.4): which sides of the picture the stored rows and columns
 * begin at.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** How to put the stored picture upright: mirror left to right first, then rotate clockwise. */
export interface Turn {
  readonly mirrored: boolean;
  readonly degrees: 0 | 90 | 180 | 270;
}

const TURNS: Readonly<Record<Orientation, Turn>> = {
  1: { mirrored: false, degrees: 0 },
  2: { mirrored: true, degrees: 0 },
  3: { mirrored: false, degrees: 180 },
  4: { mirrored: true, degrees: 180 },
  5: { mirrored: true, degrees: 270 },
  6: { mirrored: false, degrees: 90 },
  7: { mirrored: true, degrees: 90 },
  8: { mirrored: false, degrees: 270 },
};

export function turnOf(orientation: Orientation): Turn {
  return TURNS[orientation];
}

/** The orientation that needs this mirroring and rotation. */
export function orientationOf({ mirrored, degrees }: Turn): Orientation {
  const found = Object.entries(TURNS).find(
    ([, turn]) => turn.mirrored === mirrored && turn.degrees === degrees,
  )!;
  return Number(found[0]) as Orientation;
}

/**
 * Side of the tiles that are rotated one after the other, in pixels, so that input and output stay
 * in the processor's cache.
 */
const TILE = 32;

/** Puts a stored picture upright. Returns the same object if it already is. */
export function putUpright<Image extends PixelImage>(
  image: Image,
  orientation: Orientation,
): Image {
  if (orientation === 1) return image;
  const { width, height, channels } = image;
  const swapped = orientation >= 5;
  const toWidth = swapped ? height : width;
  const { start, right, down } = steps(orientation, toWidth, swapped ? width : height);
  const data = new Uint8Array(image.data.length);
  const [from, to, size] =
    channels === 4 && image.data.byteOffset % 4 === 0
      ? [words(image.data), words(data), 1]
      : [image.data, data, channels];
  for (let top = 0; top < height; top += TILE) {
    for (let left = 0; left < width; left += TILE) {
      for (let y = top; y < Math.min(top + TILE, height); y++) {
        for (let x = left; x < Math.min(left + TILE, width); x++) {
          const source = (y * width + x) * size;
          const target = (start + x * right + y * down) * size;
          for (let i = 0; i < size; i++) to[target + i] = from[source + i]!;
        }
      }
    }
  }
  return { ...image, data, width: toWidth, height: swapped ? width : height };
}

/**
 * Target position of the first stored pixel, and how far one step right or down in the stored
 * picture moves it.
 */
function steps(orientation: Orientation, width: number, height: number) {
  const lastColumn = width - 1;
  const lastRow = (height - 1) * width;
  switch (orientation) {
    case 2:
      return { start: lastColumn, right: -1, down: width };
    case 3:
      return { start: lastRow + lastColumn, right: -1, down: -width };
    case 4:
      return { start: lastRow, right: 1, down: -width };
    case 5:
      return { start: 0, right: width, down: 1 };
    case 6:
      return { start: lastColumn, right: width, down: -1 };
    case 7:
      return { start: lastRow + lastColumn, right: -width, down: -1 };
    case 8:
      return { start: lastRow, right: -width, down: 1 };
    default:
      return { start: 0, right: 1, down: width };
  }
}

function words({ buffer, byteOffset, byteLength }: PixelImage['data']): Uint32Array {
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}
