/** Where in a picture the evidence for a label lies. */
import type { Area } from '../tensor';

export const EXPLANATION_METHODS = ['class-activation', 'occlusion'] as const;
export type ExplanationMethod = (typeof EXPLANATION_METHODS)[number];

/** Values in rows from the top, over a part of a picture. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly values: ArrayLike<number>;
}

/** A grid over the whole picture: 0 is no evidence, 1 is the most. */
export interface Explanation {
  readonly method: ExplanationMethod;
  /** Index of the explained class. */
  readonly index: number;
  readonly width: number;
  readonly height: number;
  readonly values: number[];
}

/**
 * Largest number of cells per side. It is reached if the model sees only a small centre of the
 * picture.
 */
const MOST_CELLS = 64;
const DIGITS = 1e3;

/** Scales the strongest place to 1. Evidence against the label becomes 0. */
export function toExplanation(
  method: ExplanationMethod,
  index: number,
  seen: Grid,
  area: Area,
): Explanation {
  const { width, height, values } = overPicture(seen, area);
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  const share = (value: number) => Math.round((Math.max(0, value) / most) * DIGITS) / DIGITS;
  return {
    method,
    index,
    width,
    height,
    values: values.map((value) => (most > 0 ? share(value) : 0)),
  };
}

/**
 * Maps the grid from the area that the model saw to the whole picture: interpolated inside, 0
 * outside.
 */
function overPicture(seen: Grid, area: Area): Grid & { readonly values: number[] } {
  const cells = (count: number, share: number) =>
    Math.max(1, Math.min(MOST_CELLS, Math.round(count / share)));
  const [width, height] = [cells(seen.width, area.width), cells(seen.height, area.height)];
  const values = Array.from({ length: width * height }, (_, i) => {
    const x = (((i % width) + 0.5) / width - area.left) / area.width;
    const y = ((Math.floor(i / width) + 0.5) / height - area.top) / area.height;
    return x < 0 || x > 1 || y < 0 || y > 1 ? 0 : valueAt(seen, x, y);
  });
  return { width, height, values };
}

/** Bilinear interpolation between the centres of cells; both coordinates go from 0 to 1. */
function valueAt({ width, height, values }: Grid, x: number, y: number): number {
  const [column, right] = between(x, width);
  const [row, down] = between(y, height);
  const at = (c: number, r: number) =>
    values[Math.min(r, height - 1) * width + Math.min(c, width - 1)]!;
  const upper = at(column, row) * (1 - right) + at(column + 1, row) * right;
  const lower = at(column, row + 1) * (1 - right) + at(column + 1, row + 1) * right;
  return upper * (1 - down) + lower * down;
}

function between(at: number, count: number): [number, number] {
  const place = Math.max(0, Math.min(count - 1, at * count - 0.5));
  // Rounding errors of whole numbers must not mix in a neighbouring cell.
  const exact = Math.abs(place - Math.round(place)) < 1e-9 ? Math.round(place) : place;
  return [Math.floor(exact), exact - Math.floor(exact)];
}
