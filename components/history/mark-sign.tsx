import { Check, X } from 'lucide-react';
import styles from './mark-sign.module.css';

/** Shows whether the visitor marked an answer as right or wrong. */
export function MarkSign({ correct }: { readonly correct: boolean }) {
  return correct ? (
    <Check className={styles.right} size={16} aria-label="Marked right" role="img" />
  ) : (
    <X className={styles.wrong} size={16} aria-label="Marked wrong" role="img" />
  );
}
