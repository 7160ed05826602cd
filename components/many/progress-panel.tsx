'use client';

import { Progress } from 'radix-ui';
import { useMemo } from 'react';
import { sentWords } from '@/components/classify/words/place';
import { Button } from '@/components/ui/button';
import { usePreferences } from '@/components/ui/use-preferences';
import type { Queue } from '@/lib/browser/many/queue';
import { sentOf, type Counts } from '@/lib/browser/many/view';
import styles from './progress-panel.module.css';
import { getRunner } from './use-many';
import { usePause } from './use-pause';
import { canRetry, pictures, progressSentence } from './words';

export interface ProgressPanelProps {
  readonly queue: Queue;
  readonly counts: Counts;
  readonly onClear: () => void;
}

/** The progress, and the actions for all pictures. */
export function ProgressPanel({ queue, counts, onClear }: ProgressPanelProps) {
  const { runtime } = usePreferences();
  const pause = usePause(queue, runtime);
  const { all, answered, failed, cancelled, open } = counts;
  const again = useMemo(
    () => queue.rows.filter((row) => canRetry(row, runtime)).map(({ id }) => id),
    [queue.rows, runtime],
  );
  const sent = useMemo(() => sentOf(queue.rows), [queue.rows]);
  const share = (part: number) => ({ width: `${(part / all) * 100}%` });
  return (
    <section className={styles.panel} aria-label="Progress">
      <div className={styles.head}>
        <p className={styles.sentence}>{progressSentence(counts)}</p>
        <div className={styles.actions}>
          {open > 0 && <Button onClick={() => getRunner().cancel()}>Cancel all</Button>}
          {again.length > 0 && (
            <Button onClick={() => getRunner().retry(new Set(again))}>
              Try {again.length.toLocaleString('en')} again
            </Button>
          )}
          <Button onClick={onClear}>Clear the list</Button>
        </div>
      </div>
      <Progress.Root
        className={styles.track}
        aria-label="Pictures done"
        value={all - open}
        max={all}
        getValueLabel={(value, max) => `${value} of ${max}`}
      >
        <span className={styles.answered} style={share(answered)} />
        <span className={styles.failed} style={share(failed)} />
        <span className={styles.cancelled} style={share(cancelled)} />
      </Progress.Root>
      <div className={styles.under}>
        <p role="status" className={styles.pause}>
          {open > 0 && pause}
        </p>
        {sent && <p className={styles.sent}>{sentWords(sent)}</p>}
      </div>
      <p role="status" className="visually-hidden">
        {open === 0 && doneSentence(counts)}
      </p>
    </section>
  );
}

function doneSentence({ all, answered }: Counts): string {
  return `Done: ${pictures(answered)} of ${all.toLocaleString('en')} answered`;
}
