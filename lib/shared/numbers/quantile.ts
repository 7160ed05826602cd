/**
 * The smallest value that at least a share of the values does not exceed (nearest rank).
 *
 * @param share 0 to 1
 * @returns NaN without values
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? NaN;
}

/** The lower of the two middle values where their number is even. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
