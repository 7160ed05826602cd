/** Rounds to hundredths, for milliseconds and rates in answers, logs and reports. */
export function roundToHundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
