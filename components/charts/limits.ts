/** Values at which somebody is called: those of the alert rules in deploy/prometheus. */

export interface Limit {
  /** Where it is on the axis; absent where the axis has another unit. */
  readonly value?: number;
  /** When the alert comes. */
  readonly words: string;
}

const LIMITS: Readonly<Record<string, Limit>> = {
  latency: { value: 1000, words: 'when 5 % of predictions take over 1 s for 10 minutes' },
  status: { words: 'when over 1 % fail for 5 minutes, or over 5 % are shed for 10 minutes' },
  drift: { words: 'when the stability index (PSI) is over 0.25 for an hour' },
};

/** Undefined of a chart that no alert is about. */
export function limitOf(chartId: string): Limit | undefined {
  return LIMITS[chartId];
}

/** @param top the end of the axis; what lies above it is not drawn, so that the rest stays legible */
export function lineOf(chartId: string, top: number): number | undefined {
  const value = limitOf(chartId)?.value;
  return value !== undefined && value <= top ? value : undefined;
}
