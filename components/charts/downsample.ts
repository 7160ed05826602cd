/** Reduces the number of points to draw so that the line looks the same. */
import { createLTTB } from 'downsample';

interface Indexed {
  readonly index: number;
  readonly value: number;
}

const largestTriangles = createLTTB<Indexed>({
  x: (point) => point.index,
  y: (point) => point.value,
});

type Values = readonly (number | null)[];

/**
 * Chooses the points to draw for several lines over the same x: the points that keep each line's
 * shape, and the edges of visible gaps.
 *
 * @param most maximum for all lines together, without the edges of gaps
 * @returns indices in ascending order
 */
export function chooseRows(lines: readonly Values[], most: number): number[] {
  const length = Math.max(0, ...lines.map((values) => values.length));
  if (length <= most) return Array.from({ length }, (_, index) => index);
  const chosen = new Set([0, length - 1]);
  for (const values of lines) {
    for (const index of choosePoints(values, most / lines.length)) chosen.add(index);
    for (const index of gapEdges(values, length / most)) chosen.add(index);
  }
  return [...chosen].sort((a, b) => a - b);
}

function choosePoints(values: Values, most: number): number[] {
  const points = values.flatMap((value, index): Indexed[] =>
    value === null ? [] : [{ index, value }],
  );
  if (points.length <= most) return points.map(({ index }) => index);
  return Array.from(largestTriangles(points, Math.max(3, Math.floor(most))), ({ index }) => index);
}

/** First and last index of each run of nulls, so that no line is drawn across it. */
function gapEdges(values: Values, narrowest: number): number[] {
  const edges: number[] = [];
  let start: number | undefined;
  for (let index = 0; index <= values.length; index++) {
    const isGap = index < values.length && values[index] === null;
    if (isGap) {
      start ??= index;
    } else if (start !== undefined) {
      if (index - start >= narrowest) edges.push(start, index - 1);
      start = undefined;
    }
  }
  return edges;
}

/** Keeps one dot per grid cell, because more dots would cover each other. */
export function thinDots<Dot extends { readonly x: number; readonly y: number }>(
  dots: readonly Dot[],
  columns: number,
  rows: number,
): readonly Dot[] {
  if (dots.length <= columns * rows) return dots;
  const place = ({ x, y }: Dot) => Math.floor(x * columns) * (rows + 1) + Math.floor(y * rows);
  return [...new Map(dots.map((dot) => [place(dot), dot])).values()];
}
