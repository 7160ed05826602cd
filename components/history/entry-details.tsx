'use client';

import { Trash2 } from 'lucide-react';
import { Provenance } from '@/components/classify/provenance';
import { Ranking } from '@/components/classify/ranking';
import { Button } from '@/components/ui/button';
import type { Classified } from '@/lib/browser/client/client';
import { historyReader, type HistoryEntry } from '@/lib/browser/history';
import styles from './entry-details.module.css';
import { Marks } from './marks';
import { removeEntry } from './removed';
import { RunAgain } from './run-again-button';
import { useBlobUrl } from './use-blob-url';

const readPicture = (key: number) => historyReader.picture(key);
const readThumbnail = (key: number) => historyReader.thumbnail(key);

/** A complete entry: the picture, one or both answers, and the actions. */
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
        <Button aria-label={`Delete ${fileName}`} onClick={() => void removeEntry(key, fileName)}>
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
