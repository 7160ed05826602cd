/**
 * The nearest-rank quantile: the smallest value such that at least `share` of all values are not
 * greater.
 *
 * @param share 0 to 1
 * @returns NaN without values
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? NaN;
}

/** The median; for an even number of values the lower of the two middle ones. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
