import { otherNames, shownName } from '@/lib/shared/model/labels';
import type { Prediction } from '@/lib/shared/vision/ranking';
import styles from './ranking.module.css';
import { percent } from './words';

export interface RankingProps {
  readonly predictions: readonly Prediction[];
  readonly showsAllNames: boolean;
  /** Rows that change by themselves: nothing grows from zero again. */
  readonly isLive?: boolean;
  /** No label stands out as if it were the answer. */
  readonly isDoubtful?: boolean;
}

/** Labels with bars and numbers, the most probable first. */
export function Ranking({
  predictions,
  showsAllNames,
  isLive = false,
  isDoubtful = false,
}: RankingProps) {
  return (
    <ol className={styles.ranking} data-live={isLive} data-doubtful={isDoubtful}>
      {predictions.map(({ index, label, name, score }) => (
        <li key={index} className={styles.row}>
          <span className={styles.label}>{shownName({ label, name })}</span>
          <span className={styles.score}>{percent(score)}</span>
          <span className={styles.track} aria-hidden>
            <span className={styles.bar} style={{ width: `${score * 100}%` }} />
          </span>
          {showsAllNames && name === undefined && otherNames(label) && (
            <span className={styles.others}>{otherNames(label)}</span>
          )}
        </li>
      ))}
    </ol>
  );
}
