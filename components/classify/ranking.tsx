import { Check } from 'lucide-react';
import { otherNames, shownName } from '@/lib/shared/model/labels';
import type { Prediction } from '@/lib/shared/vision/ranking';
import { formatPercent } from '@/lib/shared/numbers/format';
import styles from './ranking.module.css';

export interface RankingProps {
  readonly predictions: readonly Prediction[];
  readonly showsAllNames: boolean;
  /** Rows change continuously: bars are not animated from zero. */
  readonly isLive?: boolean;
  /** The first label is not emphasised, because the answer is uncertain. */
  readonly isDoubtful?: boolean;
}

/** Labels with bars and scores, highest first. Selected labels are marked. */
export function Ranking({
  predictions,
  showsAllNames,
  isLive = false,
  isDoubtful = false,
}: RankingProps) {
  return (
    <ol
      className={styles.ranking}
      data-live={isLive}
      data-doubtful={isDoubtful}
      data-independent={predictions[0]?.selected !== undefined}
    >
      {predictions.map(({ index, label, name, score, selected }) => (
        <li key={index} className={styles.row} data-selected={selected}>
          <span className={styles.label}>
            <span className={styles.name}>{shownName({ label, name })}</span>
            {selected && <Selected />}
          </span>
          <span className={styles.score}>{formatPercent(score)}</span>
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

/** The mark of a label that reaches the model's threshold. */
function Selected() {
  return (
    <>
      <Check className={styles.mark} aria-hidden />
      <span className="visually-hidden">, over the threshold</span>
    </>
  );
}
