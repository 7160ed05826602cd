/** Properties and dimensions that all drawings share. */
import type { Chart } from '@/lib/shared/contract/statistics';

export interface PlotProps {
  readonly chart: Chart;
  /** Width in CSS pixels. */
  readonly width: number;
}

/** In a narrower chart there is no room beside the plot. */
export const NARROW_PX = 460;
export const MAX_SERIES = 6;

export const TICK = { fontSize: 12, fill: 'var(--ink-muted)' } as const;
export const GRID = { stroke: 'var(--chart-grid)', vertical: false } as const;
/** Height of the axis below a plot, in CSS pixels, without and with a name. */
export const AXIS_PX = 22;
export const NAMED_AXIS_PX = 42;
/** Approximate width of a character on an axis, for reserving room. */
export const CHARACTER_PX = 6.6;

/** Width in CSS pixels for the longest of these labels beside an axis. */
export function labelRoom(labels: readonly string[]): number {
  return Math.ceil(Math.max(0, ...labels.map((label) => label.length)) * CHARACTER_PX) + 10;
}
