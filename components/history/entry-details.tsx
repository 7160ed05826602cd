'use client';

import { Check, Trash2, X } from 'lucide-react';
import { Provenance } from '@/components/classify/provenance';
import { Ranking } from '@/components/classify/ranking';
import { Button } from '@/components/ui/button';
import type { Classified } from '@/lib/browser/client/client';
import { historyReader, mark, remove, type HistoryEntry } from '@/lib/browser/history';
import styles from './entry-details.module.css';
import { RunAgain } from './run-again-button';
import { useBlobUrl } from './use-blob-url';
import { markSentence } from './words';

const readPicture = (key: number) => historyReader.picture(key);
const readThumbnail = (key: number) => historyReader.thumbnail(key);

/** An entry in full: the picture, one answer or both, and what can be done about it. */
export function EntryDetails({ entry }: { readonly entry: HistoryEntry }) {
  const { key, fileName, classified, again } = entry;
  const picture = useBlobUrl(key, readPicture);
  const thumbnail = useBlobUrl(key, readThumbnail);
  const url = picture.isMissing ? thumbnail.url : picture.url;
  return (
    <div className={styles.details}>
      <div className={styles.picture}>
        {url !== undefined && <img src={url} alt={`The picture ${fileName}`} />}
      </div>
      <div className={styles.answers}>
        <Answer classified={classified} />
        {again && <Answer classified={again} />}
      </div>
      <div className={styles.actions}>
        <Marks entry={entry} />
        <RunAgain entry={entry} hasPicture={!picture.isMissing} />
        <Button aria-label={`Delete ${fileName}`} onClick={() => void remove(key)}>
          <Trash2 size={14} aria-hidden />
          Delete
        </Button>
      </div>
    </div>
  );
}

function Answer({ classified }: { readonly classified: Classified }) {
  return (
    <div className={styles.answer}>
      <Ranking predictions={classified.answer.predictions} showsAllNames={false} />
      <Provenance classified={classified} />
    </div>
  );
}

function Marks({ entry }: { readonly entry: HistoryEntry }) {
  const state = entry.mark?.state;
  const isSettled = state === 'sent' || state === 'refused';
  const button = (correct: boolean) => ({
    'aria-pressed': entry.mark?.correct === correct,
    disabled: isSettled,
    className: styles.mark,
    onClick: () => void mark(entry.key, correct),
  });
  return (
    <div className={styles.marks}>
      <div className={styles.pair} role="group" aria-label="Is the first label right?">
        <Button {...button(true)}>
          <Check size={14} aria-hidden />
          Right
        </Button>
        <Button {...button(false)}>
          <X size={14} aria-hidden />
          Wrong
        </Button>
      </div>
      <p className={styles.note} role="status">
        {markSentence(entry)}
      </p>
    </div>
  );
}
