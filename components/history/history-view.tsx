'use client';

import Link from 'next/link';
import { memo, useEffect, useRef, useState } from 'react';
import { Page } from '@/components/layout/page';
import { LongList } from '@/components/ui/long-list';
import { SearchField } from '@/components/ui/search-field';
import { usePreferences } from '@/components/ui/use-preferences';
import type { HistoryEntry } from '@/lib/browser/history';
import { DeleteAll } from './delete-all';
import { HistoryRow } from './history-row';
import styles from './history-view.module.css';
import { RemovedNotice } from './removed';
import { useHistory, type History } from './use-history';
import { countSentence } from './words';

const ROW_HEIGHT = 65;
const PROBLEMS = {
  refused: 'This browser lets the page keep nothing, so there is no history.',
  silent:
    'The browser has not answered for ten seconds. Close all of its windows and open it again: what it has stored is still there.',
} as const;

/** The page `/history`: pictures and answers that this browser has stored. */
export function HistoryView() {
  const [query, setQuery] = useState('');
  const { total, found, entries, problem, showMore, ...shown } = useHistory(query);
  const hasEntries = total !== undefined && total > 0;
  return (
    <Page
      title="History"
      lead="What this browser was shown and what was answered. It is kept here only, and you can delete it."
    >
      <RemovedNotice />
      {hasEntries && (
        <div className={styles.tools}>
          <SearchField label="Find labels and file names" value={query} onChange={setQuery} />
          <p className={styles.count} role="status">
            {countSentence(total, found, shown.query)}
          </p>
          <DeleteAll total={total} />
        </div>
      )}
      {hasEntries && entries.length === 0 && <p className={styles.none}>No answer is like that.</p>}
      {entries.length > 0 && <Answers entries={entries} />}
      {entries.length < found && <More key={entries.length} onSeen={showMore} />}
      {total === 0 && <Empty problem={problem} />}
    </Page>
  );
}

/** Memoised, so that typing does not render the list before the result has arrived. */
const Answers = memo(function Answers({ entries }: { readonly entries: readonly HistoryEntry[] }) {
  const [opened, setOpened] = useState<number>();
  return (
    <LongList label="Answers" rows={entries} rowHeight={ROW_HEIGHT}>
      {(entry) => (
        <HistoryRow
          key={entry.key}
          entry={entry}
          isOpened={entry.key === opened}
          onToggle={setOpened}
        />
      )}
    </LongList>
  );
});

/** Requests the next page shortly before the visitor scrolls to it. */
function More({ onSeen }: { readonly onSeen: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  const seen = useRef(onSeen);
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([entry]) => entry?.isIntersecting && seen.current(),
      { rootMargin: '1000px' },
    );
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, []);
  return <div ref={place} className={styles.more} />;
}

function Empty({ problem }: Pick<History, 'problem'>) {
  const { history } = usePreferences();
  if (problem) return <p className={styles.none}>{PROBLEMS[problem]}</p>;
  if (history === 'none') {
    return (
      <p className={styles.none}>
        You chose to keep no history. <Link href="/settings">Settings</Link> has the choice.
      </p>
    );
  }
  return (
    <p className={styles.none}>
      Each answer you get appears here, with the picture. <Link href="/">Classify a picture</Link>
    </p>
  );
}
