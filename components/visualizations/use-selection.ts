'use client';

import { useSearchParams } from 'next/navigation';
import type { WindowName } from '@/lib/browser/live/visualizations';
import { windowSchema } from '@/lib/shared/contract/statistics';

export interface Selection {
  readonly window: WindowName;
  /** End of the window, ISO 8601; undefined means now. */
  readonly until: string | undefined;
  /** Whether the previous window is shown for comparison. */
  readonly compares: boolean;
  /** Id of the model whose evaluation is shown; undefined means the server's default model. */
  readonly model: string | undefined;
}

/** The selection is stored in the address, so that a link shows the same. */
export function useSelection(): Selection {
  const search = useSearchParams();
  const window = windowSchema.safeParse(search.get('window') ?? undefined);
  const until = search.get('until');
  return {
    // Invalid values in the address are replaced by defaults.
    window: window.success ? window.data : '1h',
    until: until !== null && Number.isFinite(Date.parse(until)) ? until : undefined,
    compares: search.get('compare') === 'before',
    model: search.get('model') ?? undefined,
  };
}

/** @param value null removes the parameter from the address */
function select(name: 'window' | 'until' | 'compare', value: string | null): void {
  const url = new URL(location.href);
  if (value === null) url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  // Next's router notices this without requesting the page again.
  history.replaceState(null, '', url);
}

export function selectWindow(next: WindowName): void {
  select('window', next);
}

/** @param untilMs end of the window; undefined means now */
export function selectUntil(untilMs: number | undefined): void {
  select('until', untilMs === undefined ? null : new Date(untilMs).toISOString());
}

export function selectComparing(compares: boolean): void {
  select('compare', compares ? 'before' : null);
}
