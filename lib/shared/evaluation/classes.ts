/** Accuracy, precision, recall and confusion, per class and overall. */
import { firstClass, type LabelledRun } from './calibration';

export interface ClassMeasures {
  readonly index: number;
  /** Number of pictures of the class. */
  readonly support: number;
  /** Share of the pictures classified as this class that show it; 0 if there are none. */
  readonly precision: number;
  /** Share of the pictures of this class that were classified as it. */
  readonly recall: number;
  readonly f1: number;
}

/**
 * How often pictures of class `actual` were classified as class `predicted`; the two may be equal.
 */
export interface Confused {
  readonly actual: number;
  readonly predicted: number;
  readonly count: number;
}

/** Share of pictures whose class is among the first `k`. Equal values keep the order of classes. */
export function topKAccuracy({ logits, labels }: LabelledRun, k: number): number {
  const right = logits.filter((values, picture) => rankOf(values, labels[picture]!) < k);
  return right.length / logits.length;
}

function rankOf(values: Float32Array, label: number): number {
  const own = values[label]!;
  let rank = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! > own || (values[i] === own && i < label)) rank++;
  }
  return rank;
}

/** The non-zero cells of the confusion matrix, ordered by actual, then by predicted class. */
export function confusion({ logits, labels }: LabelledRun): Confused[] {
  const classes = logits[0]?.length ?? 0;
  const counts = new Map<number, number>();
  logits.forEach((values, picture) => {
    const cell = labels[picture]! * classes + firstClass(values);
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  });
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([cell, count]) => ({
      actual: Math.floor(cell / classes),
      predicted: cell % classes,
      count,
    }));
}

/** Measures of each class that has pictures. */
export function measureClasses(cells: readonly Confused[]): ClassMeasures[] {
  const shown = new Map<number, number>();
  const taken = new Map<number, number>();
  const right = new Map<number, number>();
  for (const { actual, predicted, count } of cells) {
    shown.set(actual, (shown.get(actual) ?? 0) + count);
    taken.set(predicted, (taken.get(predicted) ?? 0) + count);
    if (actual === predicted) right.set(actual, count);
  }
  return [...shown].map(([index, support]) => {
    const hits = right.get(index) ?? 0;
    const guesses = taken.get(index) ?? 0;
    return {
      index,
      support,
      precision: guesses === 0 ? 0 : hits / guesses,
      recall: hits / support,
      f1: (2 * hits) / (support + guesses),
    };
  });
}

/** The `limit` most frequent confusions, most frequent first. */
export function mostConfused(cells: readonly Confused[], limit: number): Confused[] {
  return cells
    .filter(({ actual, predicted }) => actual !== predicted)
    .sort((a, b) => b.count - a.count)
    .slice(0, limit);
}
