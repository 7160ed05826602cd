import { Contents } from '@/components/layout/contents';
import { Page } from '@/components/layout/page';
import type { LoadReport, OldSystem } from '@/lib/shared/contract/load-tests';
import styles from './load-tests-view.module.css';
import { OLD_SYSTEM_ID, OldSystemView } from './old-system-view';
import { ReportView } from './report-view';

/** The page `/load-tests`: the reports at build time, next to those of the previous system. */
export function LoadTestsView({
  reports,
  oldSystem,
}: {
  readonly reports: readonly LoadReport[];
  readonly oldSystem: OldSystem;
}) {
  return (
    <Page
      title="Load tests"
      lead="The same visitors on this system and on the one before it: up to 200 at once, who look around and send pictures."
      className={styles.view}
    >
      <Contents
        entries={[
          ...reports.map(({ variant, title }) => ({ id: variant, name: title })),
          { id: OLD_SYSTEM_ID, name: 'The old system' },
        ]}
      />
      {reports.length === 0 && <Empty />}
      {reports.map((report) => (
        <ReportView key={report.variant} report={report} oldSystem={oldSystem} />
      ))}
      <OldSystemView {...oldSystem} />
    </Page>
  );
}

function Empty() {
  return (
    <section className={styles.empty}>
      <h2>No results yet</h2>
      <p>
        Answers by status, latency and processor time will stand here, beside the old system’s.
        Measure with <code>npm run loadtest</code>, then build again.
      </p>
    </section>
  );
}
