import type { Explanation } from './heat-map';

/** Parts of a picture. The last number is the share of the evidence from which a part "decides". */
const PARTS = [
  ['upper left', 0, 0, 0.5, 0.5, 0.5],
  ['upper right', 0.5, 0, 1, 0.5, 0.5],
  ['lower left', 0, 0.5, 0.5, 1, 0.5],
  ['lower right', 0.5, 0.5, 1, 1, 0.5],
  ['middle', 0.25, 0.25, 0.75, 0.75, 0.5],
  ['upper half', 0, 0, 1, 0.5, 0.65],
  ['lower half', 0, 0.5, 1, 1, 0.65],
  ['left half', 0, 0, 0.5, 1, 0.65],
  ['right half', 0.5, 0, 1, 1, 0.65],
] as const;

/** "The upper left decides: 83 % of the evidence lies there." */
export function whereItLies(explanation: Explanation): string {
  const shares = PARTS.map(([name, left, top, right, bottom, least]) => {
    return { name, least, share: shareWithin(explanation, left, top, right, bottom) };
  });
  const deciding = shares.filter(({ share, least }) => share >= least);
  // A quarter is more specific than the half that contains it.
  const [first] = deciding.sort((a, b) => a.least - b.least || b.share - a.share);
  if (first) {
    return `The ${first.name} decides: ${Math.round(first.share * 100)} % of the evidence lies there.`;
  }
  return explanation.values.some((value) => value > 0)
    ? 'No part decides: the evidence lies all over the picture.'
    : 'Nothing in the picture speaks for this label.';
}

/** Share of all evidence in a part of the picture; the sides go from 0 to 1. */
export function shareWithin(
  { width, height, values }: Pick<Explanation, 'width' | 'height' | 'values'>,
  left: number,
  top: number,
  right: number,
  bottom: number,
): number {
  let [inside, all] = [0, 0];
  values.forEach((value, i) => {
    const [x, y] = [((i % width) + 0.5) / width, (Math.floor(i / width) + 0.5) / height];
    all += value;
    if (x >= left && x < right && y >= top && y < bottom) inside += value;
  });
  return all === 0 ? 0 : inside / all;
}
