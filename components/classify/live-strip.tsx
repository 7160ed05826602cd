'use client';

import type { StatisticsResponse } from '@/lib/shared/contract/statistics';
import { formatDuration } from '@/lib/shared/numbers/format';
import styles from './live-strip.module.css';
import { useStatistics } from './use-statistics';

/** The server's counts of the last hour. */
export function LiveStrip() {
  const { statistics, hasFailed } = useStatistics();
  return (
    <section className={styles.strip} aria-label="The last hour" data-stale={hasFailed}>
      <details>
        <summary className={styles.summary}>The server in the last hour</summary>
        <dl className={styles.figures} tabIndex={0} aria-label="Figures of the last hour">
          {READINGS.map(({ name, read }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{statistics ? read(statistics) : '–'}</dd>
            </div>
          ))}
        </dl>
        <p className={styles.note}>
          {hasFailed ? 'The server does not give its figures now.' : 'All visitors, the last hour.'}
        </p>
      </details>
    </section>
  );
}

const READINGS: readonly { name: string; read: (statistics: StatisticsResponse) => string }[] = [
  { name: 'Requests', read: ({ totals }) => totals.requests.toLocaleString('en') },
  {
    name: '95 % within',
    read: ({ latencyMs }) => (latencyMs.p95 === 0 ? '–' : formatDuration(latencyMs.p95)),
  },
  {
    name: 'From the cache',
    read: ({ totals }) =>
      totals.predictions === 0 ? '–' : `${Math.round(totals.cache.ratio * 100)} %`,
  },
  { name: 'Limited', read: ({ totals }) => totals.limited.toLocaleString('en') },
  { name: 'On devices', read: ({ totals }) => totals.bySource.browser.toLocaleString('en') },
];
