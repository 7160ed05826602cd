'use client';

import { useEffect, useState } from 'react';
import { Marks } from '@/components/history/marks';
import { historyReader, subscribeToHistory, type HistoryEntry } from '@/lib/browser/history';

/** Asks, next to the answer, whether it is right or wrong. */
export function Verdict({ historyKey }: { readonly historyKey: number }) {
  const [entry, setEntry] = useState<HistoryEntry>();
  useEffect(() => {
    let isStale = false;
    const read = () =>
      void historyReader
        .entry(historyKey)
        .then((found) => {
          if (!isStale) setEntry(found);
        })
        // Without storage there is no entry to mark.
        .catch(() => undefined);
    read();
    const stop = subscribeToHistory(read);
    return () => {
      isStale = true;
      stop();
    };
  }, [historyKey]);
  return entry ? <Marks entry={entry} /> : null;
}
