'use client';

import { useSearchParams } from 'next/navigation';
import type { WindowName } from '@/lib/browser/live/visualizations';
import { windowSchema } from '@/lib/shared/contract/statistics';

export interface Selection {
  readonly window: WindowName;
  /** Whose evaluation is shown; the default one's without. */
  readonly model: string | undefined;
}

/** What is shown stands in the address, so that a link shows the same. */
export function useSelection(): Selection {
  const search = useSearchParams();
  const window = windowSchema.safeParse(search.get('window') ?? undefined);
  return {
    // What somebody typed into the address is no reason to show nothing.
    window: window.success ? window.data : '1h',
    model: search.get('model') ?? undefined,
  };
}

export function selectWindow(next: WindowName): void {
  const url = new URL(location.href);
  url.searchParams.set('window', next);
  // Next's router follows it without asking the server for the page again.
  history.replaceState(null, '', url);
}
