'use client';

import { Check, X } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { mark, type HistoryEntry } from '@/lib/browser/history';
import styles from './entry-details.module.css';
import { markQuestion, markSentence } from './words';

/** Lets the visitor say whether the first label is right. */
export function Marks({ entry }: { readonly entry: HistoryEntry }) {
  const state = entry.mark?.state;
  const isSettled = state === 'sent' || state === 'refused';
  const button = (correct: boolean) => ({
    'aria-pressed': entry.mark?.correct === correct,
    disabled: isSettled,
    className: styles.mark,
    onClick: () => void mark(entry.key, correct),
  });
  return (
    <div className={styles.marks}>
      <div className={styles.pair} role="group" aria-label={markQuestion(entry)}>
        <Button {...button(true)}>
          <Check size={14} aria-hidden />
          Right
        </Button>
        <Button {...button(false)}>
          <X size={14} aria-hidden />
          Wrong
        </Button>
      </div>
      <p className={styles.note} role="status">
        {markSentence(entry)}
      </p>
    </div>
  );
}
