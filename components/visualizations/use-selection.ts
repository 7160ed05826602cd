'use client';

import { useSearchParams } from 'next/navigation';
import type { WindowName } from '@/lib/browser/live/visualizations';
import { windowSchema } from '@/lib/shared/contract/statistics';

export interface Selection {
  readonly window: WindowName;
  /** When it ends, ISO 8601; now without it. */
  readonly until: string | undefined;
  /** Whether the window before stands beside. */
  readonly compares: boolean;
  /** Whose evaluation is shown; the default one's without. */
  readonly model: string | undefined;
}

/** What is shown stands in the address, so that a link shows the same. */
export function useSelection(): Selection {
  const search = useSearchParams();
  const window = windowSchema.safeParse(search.get('window') ?? undefined);
  const until = search.get('until');
  return {
    // What somebody typed into the address is no reason to show nothing.
    window: window.success ? window.data : '1h',
    until: until !== null && Number.isFinite(Date.parse(until)) ? until : undefined,
    compares: search.get('compare') === 'before',
    model: search.get('model') ?? undefined,
  };
}

/** @param value null takes it out of the address */
function select(name: 'window' | 'until' | 'compare', value: string | null): void {
  const url = new URL(location.href);
  if (value === null) url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  // Next's router follows it without asking the server for the page again.
  history.replaceState(null, '', url);
}

export function selectWindow(next: WindowName): void {
  select('window', next);
}

/** @param untilMs undefined for a window that ends now */
export function selectUntil(untilMs: number | undefined): void {
  select('until', untilMs === undefined ? null : new Date(untilMs).toISOString());
}

export function selectComparing(compares: boolean): void {
  select('compare', compares ? 'before' : null);
}
