'use client';

import { memo } from 'react';
import { AnswerLine } from '@/components/pictures/answer-line';
import { CachedThumbnail } from '@/components/pictures/cached-thumbnail';
import { PictureRow } from '@/components/pictures/picture-row';
import { ToggleButton } from '@/components/ui/toggle-button';
import { historyReader, type HistoryEntry } from '@/lib/browser/history';
import { Thumbnails } from '@/lib/browser/pictures/thumbnails';
import { EntryDetails } from './entry-details';
import { MarkSign } from './mark-sign';
import styles from './history-row.module.css';
import { when } from './words';

const thumbnails = new Thumbnails<number>((key) => historyReader.thumbnail(key));

export interface HistoryRowProps {
  readonly entry: HistoryEntry;
  readonly isOpened: boolean;
  /** Called with the key of the entry to open; undefined if none is open. */
  readonly onToggle: (key: number | undefined) => void;
}

export const HistoryRow = memo(function HistoryRow({ entry, isOpened, onToggle }: HistoryRowProps) {
  const { key, fileName, atMs, classified, mark } = entry;
  return (
    <PictureRow
      thumbnail={<CachedThumbnail of={key} thumbnails={thumbnails} revision={entry} />}
      name={fileName}
      note={when(atMs, Date.now())}
      outcome={<AnswerLine classified={classified} />}
      action={
        <>
          <span className={styles.mark}>{mark && <MarkSign correct={mark.correct} />}</span>
          <ToggleButton
            label={`Details of ${fileName}`}
            isOpened={isOpened}
            onToggle={() => onToggle(isOpened ? undefined : key)}
          />
        </>
      }
    >
      {isOpened && <EntryDetails entry={entry} />}
    </PictureRow>
  );
});
