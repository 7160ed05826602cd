'use client';

import { memo, useState } from 'react';
import { Button } from '@/components/ui/button';
import styles from './histogram.module.css';

const SHOWN = 12;

export interface HistogramProps {
  /** Most frequent first. */
  readonly bars: readonly { readonly label: string; readonly count: number }[];
  readonly chosen: string | undefined;
  readonly onChoose: (label: string | undefined) => void;
}

/** How often each class was the first label. A click on a bar shows only its pictures. */
export const Histogram = memo(function Histogram({ bars, chosen, onChoose }: HistogramProps) {
  // Closed in a narrow window, where it is above the list and would push it down.
  const [isOpenAtFirst] = useState(() => matchMedia('(min-width: 53.8em)').matches);
  const [showsAll, setShowsAll] = useState(false);
  const most = bars[0]?.count ?? 1;
  const shown = showsAll ? bars : bars.slice(0, SHOWN);
  return (
    <details className={styles.histogram} open={isOpenAtFirst}>
      <summary className={styles.title}>
        Labels{bars.length > 0 && <span className={styles.count}> {bars.length}</span>}
      </summary>
      {bars.length === 0 && <p className={styles.none}>They are counted as answers come.</p>}
      <ul className={styles.bars}>
        {shown.map(({ label, count }) => (
          <li key={label}>
            <button
              type="button"
              className={styles.bar}
              aria-pressed={label === chosen}
              onClick={() => onChoose(label === chosen ? undefined : label)}
            >
              <span className={styles.label}>{label}</span>
              <span>{count.toLocaleString('en')}</span>
              <span className={styles.track} aria-hidden>
                <span style={{ width: `${(count / most) * 100}%` }} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      {bars.length > SHOWN && (
        <Button onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? 'Show fewer' : `Show all ${bars.length}`}
        </Button>
      )}
    </details>
  );
});
