import type { OldSystem } from '@/lib/shared/contract/load-tests';
import { DataTable } from './data-table';
import styles from './report-view.module.css';
import { count, milliseconds, share } from './words';

export const OLD_SYSTEM_ID = 'old-system';

/** The report of the old system. */
export function OldSystemView({ about, runs, normal }: OldSystem) {
  return (
    <section id={OLD_SYSTEM_ID} className={styles.report}>
      <h2>The old system</h2>
      <p>{about}</p>
      <DataTable
        caption="Its runs"
        head={[
          'run',
          'users',
          'requests',
          'a second',
          'succeeded',
          'failed',
          'mean ms',
          'median ms',
        ]}
        rows={runs.map((run) => [
          run.name,
          run.users,
          count(run.requests),
          run.requestsPerSecond,
          `${count(run.succeeded)} (${share(run.succeeded, run.requests)})`,
          count(run.failed),
          milliseconds(run.meanMs),
          milliseconds(run.medianMs),
        ])}
      />
      <DataTable
        caption="Its routes, run “normal”"
        head={['route', 'requests', 'failed', 'a second', 'mean ms']}
        rows={normal.routes.map(({ route, requests, failed, requestsPerSecond, meanMs }) => [
          route,
          count(requests),
          count(failed),
          requestsPerSecond,
          milliseconds(meanMs),
        ])}
      />
      <p>
        In the run “normal” the fastest answer took {milliseconds(normal.fastestMs)} ms, the slowest{' '}
        {milliseconds(normal.slowestMs)} ms; {count(normal.limited)} answers were 429 and{' '}
        {count(normal.serverErrors)} were 500.
      </p>
    </section>
  );
}
