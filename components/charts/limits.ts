/** The values at which an alert fires, from the alert rules in deploy/prometheus. */

export interface Limit {
  /** Value on the chart's axis; absent if the axis has another unit. */
  readonly value?: number;
  /** The alert's condition in words. */
  readonly words: string;
}

const LIMITS: Readonly<Record<string, Limit>> = {
  latency: { value: 1000, words: 'when 5 % of predictions take over 1 s for 10 minutes' },
  status: { words: 'when over 1 % fail for 5 minutes, or over 5 % are shed for 10 minutes' },
  drift: { words: 'when the stability index (PSI) is over 0.25 for an hour' },
};

/** The limit of a chart; undefined if no alert concerns it. */
export function limitOf(chartId: string): Limit | undefined {
  return LIMITS[chartId];
}

/**
 * Where to draw the limit.
 *
 * @param top end of the axis; a limit above it is not drawn, because it would flatten the chart
 */
export function lineOf(chartId: string, top: number): number | undefined {
  const value = limitOf(chartId)?.value;
  return value !== undefined && value <= top ? value : undefined;
}
