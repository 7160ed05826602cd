import { Check } from 'lucide-react';
import { memo } from 'react';

import { CachedThumbnail } from '@/components/pictures/cached-thumbnail';
import type { Row } from '@/lib/browser/many/queue';
import { topPrediction } from '@/lib/browser/many/view';
import { formatPercent } from '@/lib/shared/numbers/format';
import { rowThumbnails } from '../row-thumbnails';
import styles from './grid.module.css';
import { stateWords } from '../words';

export interface TileProps {
  readonly row: Row;
  readonly isSelected: boolean;
  /** Whether Tab reaches this tile; arrow keys reach the others of its group. */
  readonly isReached: boolean;
}

/** One picture of the grid. */
export const Tile = memo(function Tile({ row, isSelected, isReached }: TileProps) {
  const name = row.path.slice(row.path.lastIndexOf('/') + 1);
  const top = topPrediction(row);
  const isDoubtful = row.state.kind === 'answered' && row.state.classified.answer.uncertain;
  return (
    <div
      role="option"
      aria-selected={isSelected}
      tabIndex={isReached ? 0 : -1}
      data-id={row.id}
      className={styles.tile}
      title={row.path}
    >
      <span className={styles.picture}>
        <CachedThumbnail of={row.file} thumbnails={rowThumbnails} />
      </span>
      <span className={styles.score}>
        {top ? formatPercent(top.score) : stateWords(row.state.kind)}
        {isDoubtful && ', not sure'}
      </span>
      <span className={styles.name}>{name}</span>
      <span className={styles.mark}>
        <Check size={14} aria-hidden />
      </span>
    </div>
  );
});
