'use client';

import { useSearchParams } from 'next/navigation';
import type { WindowName } from '@/lib/browser/live/visualizations';
import { windowSchema } from '@/lib/shared/contract/statistics';

/** The window of time, which stands in the address so that a link shows the same. */
export function useWindow(): [WindowName, (next: WindowName) => void] {
  const given = useSearchParams().get('window') ?? undefined;
  const parsed = windowSchema.safeParse(given);
  // What somebody typed into the address is no reason to show nothing.
  return [parsed.success ? parsed.data : '1h', putIntoAddress];
}

function putIntoAddress(next: WindowName): void {
  const url = new URL(location.href);
  url.searchParams.set('window', next);
  // Next's router follows it without asking the server for the page again.
  history.replaceState(null, '', url);
}
