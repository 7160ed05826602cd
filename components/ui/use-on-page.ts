'use client';

import { useSyncExternalStore } from 'react';

const noChanges = () => () => undefined;

/** What only the page knows and what does not change; false on the server. */
export function useOnPage(read: () => boolean): boolean {
  return useSyncExternalStore(noChanges, read, () => false);
}
