'use client';

import type { Classified } from '@/lib/browser/client/client';
import styles from './answer-panel.module.css';
import { useModels } from './use-model';
import { doubt, doubtReason } from './words/answer';

/** Says that an answer is uncertain; a click shows why. */
export function Doubt({ classified }: { readonly classified: Classified }) {
  const { predictions, model } = classified.answer;
  const rule = useModels().find(({ id }) => id === model.id)?.sureness?.rule;
  return (
    <details className={styles.doubt}>
      <summary>
        {doubt(predictions)} <span className={styles.why}>Why?</span>
      </summary>
      <p>{doubtReason(predictions, rule)}</p>
    </details>
  );
}
