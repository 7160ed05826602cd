import { formatDate, formatMoment } from '@/components/charts/format';
import type { WindowName } from '@/lib/browser/live/visualizations';
import type { VisualizationsResponse } from '@/lib/shared/contract/statistics';

export const WINDOW_NAMES: Record<WindowName, string> = {
  '1h': '1 hour',
  '24h': '24 hours',
  '7d': '7 days',
};

export const SPAN_NAMES: Record<WindowName, string> = {
  '1h': 'the last hour',
  '24h': 'the last 24 hours',
  '7d': 'the last 7 days',
};

/** "1h-2026-11-24", for the names of files. */
export function fileTag(window: WindowName, to: string): string {
  return `${window}-${to.slice(0, 10)}`;
}

/** What a sheet of paper must say by itself: the span, and when it was printed. */
export function paperText({ window, from, to }: VisualizationsResponse): string {
  const name = SPAN_NAMES[window];
  const span = `${formatMoment(Date.parse(from))} – ${formatMoment(Date.parse(to))}`;
  const capitalized = name.charAt(0).toUpperCase() + name.slice(1);
  return `${capitalized}, ${span}; printed ${formatDate(Date.parse(to))}`;
}
