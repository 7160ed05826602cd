'use client';

import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { LargeModel } from '@/components/classify/large-model';
import { describeFailure } from '@/components/classify/words/failure';
import { Button } from '@/components/ui/button';
import { usePreferences } from '@/components/ui/use-preferences';
import { historyReader, type HistoryEntry } from '@/lib/browser/history';
import styles from './entry-details.module.css';
import { runAgain } from './run-again';
import { otherModelSentence, whyNotAgain } from './words';

export interface RunAgainProps {
  readonly entry: HistoryEntry;
  readonly hasPicture: boolean;
}

/** Classifies the picture on the other runtime. Both answers are then shown side by side. */
export function RunAgain({ entry, hasPicture }: RunAgainProps) {
  const { runtime } = usePreferences();
  const [isRunning, setIsRunning] = useState(false);
  const [problem, setProblem] = useState('');
  const reason = whyNotAgain(entry, hasPicture, runtime);
  const run = async () => {
    setIsRunning(true);
    setProblem('');
    try {
      const picture = await historyReader.picture(entry.key);
      if (picture) await runAgain(entry, picture);
    } catch (error) {
      const { title, detail } = describeFailure(error, runtime);
      setProblem(`${title}. ${detail}`);
    } finally {
      setIsRunning(false);
    }
  };
  const place = entry.classified.on === 'server' ? 'on this device' : 'on the server';
  return (
    <div className={styles.again}>
      <Button disabled={isRunning || reason !== undefined} onClick={() => void run()}>
        <RefreshCw size={14} aria-hidden />
        {isRunning ? 'Running' : `Run again ${place}`}
      </Button>
      {isRunning && (
        <>
          <LargeModel />
          <LargeModel role="compared" />
        </>
      )}
      {reason !== undefined && <p className={styles.note}>{reason}</p>}
      <p className={styles.other} role="status">
        {otherModelSentence(entry)}
      </p>
      <p className={styles.problem} role="alert">
        {problem}
      </p>
    </div>
  );
}
