'use client';

import { ChevronDown, CircleAlert, CircleSlash, RotateCcw, X } from 'lucide-react';
import { memo, useState } from 'react';
import { Ranking } from '@/components/classify/ranking';
import { percent, placeName, reasonSentence } from '@/components/classify/words';
import { Button } from '@/components/ui/button';
import { usePreferences } from '@/components/ui/use-preferences';
import type { Classified } from '@/lib/browser/classify';
import { isOpen, type Row } from '@/lib/browser/many/queue';
import { shortLabel } from '@/lib/shared/model/labels';
import styles from './row-item.module.css';
import { RowThumbnail } from './row-thumbnail';
import { getRunner } from './use-many';
import { describeRowFailure } from './words';

/** One picture: what it is called, what came of it, and what can be done about it. */
export const RowItem = memo(function RowItem({ row }: { readonly row: Row }) {
  const [isOpened, setIsOpened] = useState(false);
  const { path, state } = row;
  const folderEnd = path.lastIndexOf('/') + 1;
  return (
    <div className={styles.row} data-state={state.kind}>
      <RowThumbnail file={row.file} />
      <p className={styles.name} title={path}>
        <span>{path.slice(folderEnd)}</span>
        {folderEnd > 0 && <span className={styles.folder}>{path.slice(0, folderEnd - 1)}</span>}
      </p>
      <Outcome row={row} />
      <Action row={row} isOpened={isOpened} onToggle={() => setIsOpened(!isOpened)} />
      {isOpened && state.kind === 'answered' && (
        <div className={styles.ranking}>
          <Ranking predictions={state.classified.answer.predictions} showsAllNames={false} />
          <p className={styles.reason}>{reasonSentence(state.classified)}</p>
        </div>
      )}
    </div>
  );
});

function Outcome({ row: { state } }: { readonly row: Row }) {
  switch (state.kind) {
    case 'waiting':
      return <p className={styles.quiet}>Waits</p>;
    case 'working':
      return <p className={styles.quiet}>Under way</p>;
    case 'cancelled':
      return (
        <p className={styles.quiet}>
          <CircleSlash size={14} aria-hidden /> Cancelled
        </p>
      );
    case 'failed':
      return <FailedOutcome error={state.error} />;
    case 'answered':
      return <AnsweredOutcome classified={state.classified} />;
  }
}

function AnsweredOutcome({ classified }: { readonly classified: Classified }) {
  const [top] = classified.answer.predictions;
  if (!top) return null;
  return (
    <div className={styles.answer}>
      <span className={styles.label}>{shortLabel(top.label)}</span>
      <span className={styles.score}>{percent(top.score)}</span>
      <span className={styles.track} aria-hidden>
        <span className={styles.bar} style={{ width: `${top.score * 100}%` }} />
      </span>
      <span className={styles.place} data-on={classified.on}>
        <span className={styles.dot} aria-hidden />
        {placeName(classified)}
      </span>
    </div>
  );
}

function FailedOutcome({ error }: { readonly error: Error }) {
  const { runtime } = usePreferences();
  const { title, detail } = describeRowFailure(error, runtime);
  return (
    <p className={styles.failure}>
      <CircleAlert size={14} aria-hidden />
      <span>
        <strong>{title}</strong> <span className={styles.detail}>{detail}</span>
      </span>
    </p>
  );
}

interface ActionProps {
  readonly row: Row;
  readonly isOpened: boolean;
  readonly onToggle: () => void;
}

function Action({ row, isOpened, onToggle }: ActionProps) {
  const ids = new Set([row.id]);
  if (row.state.kind === 'answered') {
    return (
      <Button
        icon
        className={styles.toggle}
        aria-expanded={isOpened}
        aria-label={`All labels of ${row.path}`}
        onClick={onToggle}
      >
        <ChevronDown size={16} aria-hidden />
      </Button>
    );
  }
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
