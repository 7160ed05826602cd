/** To hundredths, as answers, logs and reports carry milliseconds and rates. */
export function roundToHundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
