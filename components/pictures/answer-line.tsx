import { answerName, isNoLabel } from '@/components/classify/words/answer';
import { placeName } from '@/components/classify/words/place';
import type { Classified } from '@/lib/browser/client/client';
import { formatPercent } from '@/lib/shared/numbers/format';
import styles from './answer-line.module.css';

/** The first label of an answer, its score, and where it was computed. */
export function AnswerLine({ classified }: { readonly classified: Classified }) {
  const [top] = classified.answer.predictions;
  if (!top) return null;
  const isNone = isNoLabel(classified.answer.predictions);
  return (
    <div className={styles.answer}>
      <span className={styles.label}>
        {answerName(classified.answer.predictions, classified.answer.uncertain)}
      </span>
      <span className={styles.score}>{!isNone && formatPercent(top.score)}</span>
      <span className={styles.track} aria-hidden>
        {!isNone && <span className={styles.bar} style={{ width: `${top.score * 100}%` }} />}
      </span>
      <span className={styles.place} data-on={classified.on}>
        <span className={styles.dot} aria-hidden />
        {placeName(classified)}
      </span>
    </div>
  );
}
