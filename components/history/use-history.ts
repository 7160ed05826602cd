'use client';

import { useEffect, useState } from 'react';
import { historyReader, subscribeToHistory, type HistoryEntry } from '@/lib/browser/history';
import { inTime, StorageTimeout } from '@/lib/browser/storage/in-time';

const PAGE = 30;

export interface History {
  /** Number of all entries; undefined until it is known. */
  readonly total: number | undefined;
  /** The query of these results; while a new query runs, still the previous one. */
  readonly query: string;
  /** Number of entries that match the query. */
  readonly found: number;
  /** The first of the matching entries. */
  readonly entries: readonly HistoryEntry[];
  /** The browser's storage refused to read, or did not answer. */
  readonly problem?: 'refused' | 'silent' | undefined;
  readonly showMore: () => void;
}

type Found = Omit<History, 'showMore'>;

const NOTHING: Found = { total: undefined, found: 0, entries: [], query: '' };

/** The history of this browser, one page at a time. Follows additions and deletions. */
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
    return { ...(await inTime(historyReader.look(query, count))), query };
  } catch (error) {
    const problem = error instanceof StorageTimeout ? 'silent' : 'refused';
    return { ...NOTHING, total: 0, problem };
  }
}
