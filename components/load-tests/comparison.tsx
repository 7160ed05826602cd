import type { LoadRun, OldSystem } from '@/lib/shared/contract/load-tests';
import styles from './comparison.module.css';
import { milliseconds, share } from './words';

/**
 * Compares each old run with our run of the same name: successful requests, and the median latency.
 */
export function Comparison({
  runs,
  oldSystem,
}: {
  readonly runs: readonly LoadRun[];
  readonly oldSystem: OldSystem;
}) {
  const pairs = oldSystem.runs.flatMap((before) => {
    const now = runs.find(({ name }) => name === before.name);
    return now ? [{ before, now }] : [];
  });
  const slowestMs = Math.max(
    ...pairs.flatMap(({ before, now }) => [before.medianMs, now.total.latencyOfAll?.p50 ?? 0]),
  );
  return (
    <div className={styles.runs}>
      {pairs.map(({ before, now }) => {
        const medianMs = now.total.latencyOfAll?.p50 ?? 0;
        const { succeeded, requests } = now.total;
        return (
          <section key={before.name} className={styles.run}>
            <h3>{before.users} users</h3>
            <Measure
              what="Succeeded"
              before={{ text: share(before.succeeded, before.requests), ...of(before) }}
              now={{ text: share(succeeded, requests), ...of(now.total) }}
            />
            <Measure
              what="Median answer"
              before={{
                text: `${milliseconds(before.medianMs)} ms`,
                part: before.medianMs / slowestMs,
              }}
              now={{ text: `${milliseconds(medianMs)} ms`, part: medianMs / slowestMs }}
            />
          </section>
        );
      })}
    </div>
  );
}

const of = ({ succeeded, requests }: { succeeded: number; requests: number }) => ({
  part: requests === 0 ? 0 : succeeded / requests,
});

interface Value {
  readonly text: string;
  /** Share of the longest bar, 0 to 1. */
  readonly part: number;
}

function Measure({
  what,
  before,
  now,
}: {
  readonly what: string;
  readonly before: Value;
  readonly now: Value;
}) {
  return (
    <dl className={styles.measure}>
      <dt>{what}</dt>
      <dd data-system="old">
        <span>Old system</span>
        <span>{before.text}</span>
        <Bar part={before.part} />
      </dd>
      <dd data-system="new">
        <span>Sightline</span>
        <span>{now.text}</span>
        <Bar part={now.part} />
      </dd>
    </dl>
  );
}

function Bar({ part }: { readonly part: number }) {
  return (
    <span className={styles.track} aria-hidden>
      <span className={styles.bar} style={{ width: `${part * 100}%` }} />
    </span>
  );
}
