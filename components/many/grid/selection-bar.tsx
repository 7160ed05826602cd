'use client';

import { Check, Download, RotateCcw, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { usePreferences } from '@/components/ui/use-preferences';
import type { Row } from '@/lib/browser/many/queue';
import { saveRows } from '../save-rows';
import { getRunner, markRows } from '../use-many';
import { canRetry, markedSentence, pictures } from '../words';
import styles from './grid.module.css';

export interface SelectionBarProps {
  /** The selected rows, in the order of the list. */
  readonly rows: readonly Row[];
  readonly onClear: () => void;
}

/** The actions for all selected pictures. */
export function SelectionBar({ rows, onClear }: SelectionBarProps) {
  const [said, setSaid] = useState('');
  const answered = rows.filter(({ state }) => state.kind === 'answered');
  const { runtime } = usePreferences();
  const again = rows.filter((row) => canRetry(row, runtime));
  const mark = async (correct: boolean) =>
    setSaid(markedSentence(await markRows(answered, correct), correct));
  return (
    <div className={styles.bar} role="group" aria-label="Selected pictures">
      <p className={styles.selected} role="status">
        {pictures(rows.length)} selected{said && `; ${said}`}
      </p>
      {answered.length > 0 && (
        <>
          <Button onClick={() => void mark(true)}>
            <Check size={14} aria-hidden />
            Right
          </Button>
          <Button onClick={() => void mark(false)}>
            <X size={14} aria-hidden />
            Wrong
          </Button>
        </>
      )}
      {again.length > 0 && (
        <Button onClick={() => getRunner().retry(new Set(again.map(({ id }) => id)))}>
          <RotateCcw size={14} aria-hidden />
          Try again
        </Button>
      )}
      <Button aria-label="Download the selected as CSV" onClick={() => void saveRows(rows, 'csv')}>
        <Download size={14} aria-hidden />
        CSV
      </Button>
      <Button onClick={onClear}>Select none</Button>
    </div>
  );
}
