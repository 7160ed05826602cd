'use client';

import { CircleAlert, CircleSlash, RotateCcw, X } from 'lucide-react';
import { memo, useState } from 'react';
import { Ranking } from '@/components/classify/ranking';
import { reasonSentence, sentWords } from '@/components/classify/words/place';
import { AnswerLine } from '@/components/pictures/answer-line';
import { CachedThumbnail } from '@/components/pictures/cached-thumbnail';
import { PictureRow } from '@/components/pictures/picture-row';
import { Button } from '@/components/ui/button';
import { ToggleButton } from '@/components/ui/toggle-button';
import { usePreferences } from '@/components/ui/use-preferences';
import type { Classified } from '@/lib/browser/client/client';
import { isOpen, type Row } from '@/lib/browser/many/queue';
import styles from './row-item.module.css';
import { rowThumbnails } from './row-thumbnails';
import { getRunner } from './use-many';
import { canRetry, describeRowFailure, stateWords } from './words';

/** One picture: its result and its actions. */
export const RowItem = memo(function RowItem({ row }: { readonly row: Row }) {
  const [isOpened, setIsOpened] = useState(false);
  const { path, state } = row;
  const folderEnd = path.lastIndexOf('/');
  return (
    <PictureRow
      thumbnail={<CachedThumbnail of={row.file} thumbnails={rowThumbnails} />}
      name={path.slice(folderEnd + 1)}
      note={folderEnd > 0 ? path.slice(0, folderEnd) : undefined}
      outcome={<Outcome row={row} />}
      action={
        state.kind === 'answered' ? (
          <ToggleButton
            label={`All labels of ${path}`}
            isOpened={isOpened}
            onToggle={() => setIsOpened(!isOpened)}
          />
        ) : (
          <Action row={row} />
        )
      }
    >
      {isOpened && state.kind === 'answered' && (
        <div className={styles.ranking}>
          <Ranking predictions={state.classified.answer.predictions} showsAllNames={false} />
          <p className={styles.reason}>{reasonOf(state.classified)}</p>
        </div>
      )}
    </PictureRow>
  );
});

/** Why the picture was classified there, and what was sent for it. */
function reasonOf(classified: Classified): string {
  const sent = classified.on === 'server' ? classified.sent : undefined;
  return [reasonSentence(classified), sent && sentWords(sent)].filter(Boolean).join(' ');
}

function Outcome({ row: { state } }: { readonly row: Row }) {
  switch (state.kind) {
    case 'waiting':
      return <p className={styles.quiet}>{stateWords(state.kind)}</p>;
    case 'working':
      return <p className={styles.quiet}>{stateWords(state.kind)}</p>;
    case 'cancelled':
      return (
        <p className={styles.quiet}>
          <CircleSlash size={14} aria-hidden /> {stateWords(state.kind)}
        </p>
      );
    case 'failed':
      return <FailedOutcome error={state.error} />;
    case 'answered':
      return <AnswerLine classified={state.classified} />;
  }
}

function FailedOutcome({ error }: { readonly error: Error }) {
  const { runtime } = usePreferences();
  const { title, detail } = describeRowFailure(error, runtime);
  return (
    <p className={styles.failure}>
      <CircleAlert size={14} aria-hidden />
      <span>
        <strong>{title}.</strong> <span className={styles.detail}>{detail}</span>
      </span>
    </p>
  );
}

/** The action for a picture without an answer. */
function Action({ row }: { readonly row: Row }) {
  const { runtime } = usePreferences();
  const ids = new Set([row.id]);
  if (!isOpen(row) && !canRetry(row, runtime)) return null;
  return isOpen(row) ? (
    <Button icon aria-label={`Cancel ${row.path}`} onClick={() => getRunner().cancel(ids)}>
      <X size={16} aria-hidden />
    </Button>
  ) : (
    <Button icon aria-label={`Try ${row.path} again`} onClick={() => getRunner().retry(ids)}>
      <RotateCcw size={16} aria-hidden />
    </Button>
  );
}
