import { Check, X } from 'lucide-react';
import styles from './mark-sign.module.css';

/** That the visitor called an answer right, or wrong. */
export function MarkSign({ correct }: { readonly correct: boolean }) {
  return correct ? (
    <Check className={styles.right} size={16} aria-label="Marked right" role="img" />
  ) : (
    <X className={styles.wrong} size={16} aria-label="Marked wrong" role="img" />
  );
}
