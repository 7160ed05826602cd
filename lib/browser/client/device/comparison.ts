import type { Prediction } from '@/lib/shared/vision/ranking';

/** The difference of two backends' answers to the same picture. */
export interface Comparison {
  readonly agrees: boolean;
  /** Of the probability of any one class, 0 to 1. */
  readonly largestDifference: number;
  /** Why there was nothing to compare. */
  readonly failure?: string;
}

/** As much as server and browser may differ. */
const TOLERANCE = 0.02;

/** Compares every class that either side names; one that is missing counts as zero. */
export function comparePredictions(
  known: readonly Prediction[],
  tried: readonly Prediction[],
): Comparison {
  const knownScores = new Map(known.map(({ index, score }) => [index, score]));
  const triedScores = new Map(tried.map(({ index, score }) => [index, score]));
  const indexes = [...new Set([...knownScores.keys(), ...triedScores.keys()])];
  const differences = indexes.map((index) =>
    Math.abs((knownScores.get(index) ?? 0) - (triedScores.get(index) ?? 0)),
  );
  const largestDifference = Math.max(0, ...differences);
  // Not a number is no agreement either.
  return { agrees: largestDifference <= TOLERANCE, largestDifference };
}
