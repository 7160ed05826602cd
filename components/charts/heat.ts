import type { Chart } from '@/lib/shared/contract/statistics';

export interface Pair {
  /** The true class. */
  readonly row: string;
  /** The predicted class. */
  readonly column: string;
  readonly value: number;
}

/** The pairs with the highest values, highest first. */
export function topPairs({ series }: Chart, most: number): Pair[] {
  const pairs = series.flatMap(({ label, points }) =>
    points.map(([column, value]): Pair => ({
      row: label,
      column: String(column),
      value: value ?? 0,
    })),
  );
  return pairs.sort((a, b) => b.value - a.value).slice(0, most);
}

export interface Matrix {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly Pair[];
  readonly largest: number;
}

/** Orders rows and columns by the pairs, so that the worst pair is at the top left. */
export function matrixOf(pairs: readonly Pair[]): Matrix {
  return {
    rows: [...new Set(pairs.map(({ row }) => row))],
    columns: [...new Set(pairs.map(({ column }) => column))],
    cells: pairs,
    largest: Math.max(1, ...pairs.map(({ value }) => value)),
  };
}
