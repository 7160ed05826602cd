import type { Prediction } from '@/lib/shared/vision/ranking';

/** How two backends' answers to the same picture differ. */
export interface Comparison {
  readonly agrees: boolean;
  /** Largest difference of a class's probability, 0 to 1. */
  readonly largestDifference: number;
  /** Why the comparison failed; absent if it succeeded. */
  readonly failure?: string;
}

/** The difference that is also allowed between server and browser. */
const TOLERANCE = 0.02;

/** Compares all classes that either side lists; a missing class counts as 0. */
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
  // NaN is not agreement.
  return { agrees: largestDifference <= TOLERANCE, largestDifference };
}
