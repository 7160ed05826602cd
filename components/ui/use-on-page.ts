'use client';

import { useSyncExternalStore } from 'react';

const noChanges = () => () => undefined;

/** A constant that only the browser knows; false on the server. */
export function useOnPage(read: () => boolean): boolean {
  return useSyncExternalStore(noChanges, read, () => false);
}
