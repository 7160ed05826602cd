'use client';

import { useEffect, useState } from 'react';
import { historyReader, subscribeToHistory, type HistoryEntry } from '@/lib/browser/history';

const PAGE = 30;

export interface History {
  /** How many entries there are in all; undefined until that is known. */
  readonly total: number | undefined;
  /** What was looked for: the query, or the one before while the answer is on its way. */
  readonly query: string;
  /** How many match it. */
  readonly found: number;
  /** The first of them. */
  readonly entries: readonly HistoryEntry[];
  /** This browser gives no storage. */
  readonly hasFailed: boolean;
  readonly showMore: () => void;
}

type Found = Omit<History, 'showMore'>;

const NOTHING: Found = { total: undefined, found: 0, entries: [], hasFailed: false, query: '' };

/** What this browser remembers, a page at a time; hears of what is added and deleted. */
export function useHistory(query: string): History {
  const [wanted, setWanted] = useState({ query, count: PAGE });
  if (wanted.query !== query) setWanted({ query, count: PAGE });
  const [changes, setChanges] = useState(0);
  const [found, setFound] = useState<Found>(NOTHING);

  useEffect(() => {
    const again = () => setChanges((before) => before + 1);
    // Another tab may have added some meanwhile.
    addEventListener('focus', again);
    const stop = subscribeToHistory(again);
    return () => {
      removeEventListener('focus', again);
      stop();
    };
  }, []);

  useEffect(() => {
    let isStale = false;
    void look(wanted.query, wanted.count).then((next) => {
      if (!isStale) setFound(next);
    });
    return () => {
      isStale = true;
    };
  }, [wanted, changes]);

  const showMore = () => setWanted((before) => ({ ...before, count: before.count + PAGE }));
  return { ...found, showMore };
}

async function look(query: string, count: number): Promise<Found> {
  try {
    return { ...(await historyReader.look(query, count)), hasFailed: false, query };
  } catch {
    return { ...NOTHING, total: 0, hasFailed: true };
  }
}
