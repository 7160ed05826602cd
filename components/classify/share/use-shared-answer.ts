'use client';

import { useCallback, useSyncExternalStore } from 'react';
import { fromHash, type SharedAnswer } from '@/lib/browser/share/link';

let read: { readonly hash: string; readonly shared: SharedAnswer | undefined } = {
  hash: '',
  shared: undefined,
};

/** Returns the same object while the hash is the same. */
function sharedOf(hash: string): SharedAnswer | undefined {
  if (read.hash !== hash) read = { hash, shared: fromHash(hash) };
  return read.shared;
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

/** The answer in the page's address, and a function that removes it from there. */
export function useSharedAnswer(): readonly [SharedAnswer | undefined, () => void] {
  const shared = useSyncExternalStore(
    subscribe,
    () => sharedOf(location.hash),
    () => undefined,
  );
  const close = useCallback(() => {
    history.replaceState(history.state, '', location.pathname + location.search);
    dispatchEvent(new HashChangeEvent('hashchange'));
  }, []);
  return [shared, close];
}
