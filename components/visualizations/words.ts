import { formatDate, formatMoment, timeZoneName } from '@/components/charts/format';
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

/** "1h-2026-11-24", for file names. */
export function fileTag(window: WindowName, to: string): string {
  return `${window}-${to.slice(0, 10)}`;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** "updated 40 s ago": the age of the figures. */
export function updatedText(ageMs: number): string {
  if (ageMs < 15_000) return 'updated just now';
  if (ageMs < 2 * MINUTE_MS) return `updated ${Math.round(ageMs / 1000)} s ago`;
  if (ageMs < 2 * HOUR_MS) return `updated ${Math.round(ageMs / MINUTE_MS)} minutes ago`;
  if (ageMs < 48 * HOUR_MS) return `updated ${Math.round(ageMs / HOUR_MS)} hours ago`;
  return `updated ${Math.round(ageMs / (24 * HOUR_MS))} days ago`;
}

/** Older than this, nothing has come for several turns. */
export const STALE_MS = 2 * MINUTE_MS;

export interface Sheet {
  /** Id of the model whose evaluation is shown, the server's default without. */
  readonly model: string | undefined;
  /** The window does not end now. */
  readonly isPast: boolean;
  /** Where it was printed from. */
  readonly host: string;
}

/** What a sheet of paper must say by itself: the span, when it was printed, of what, from where. */
export function paperText(
  { window, from, to }: VisualizationsResponse,
  { model = 'the default model', isPast, host }: Sheet,
): string {
  const name = isPast ? WINDOW_NAMES[window] : SPAN_NAMES[window];
  const span = `${formatMoment(Date.parse(from))} – ${formatMoment(Date.parse(to))}`;
  const capitalized = name.charAt(0).toUpperCase() + name.slice(1);
  return `${capitalized}, ${span} (${timeZoneName()}); ${model} on ${host}; printed ${formatDate(Date.parse(to))}`;
}
