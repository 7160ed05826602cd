import { CircleCheck, CircleX } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Check, LoadReport, LoadRun, OldSystem } from '@/lib/shared/contract/load-tests';
import { Comparison } from './comparison';
import { DataTable } from './data-table';
import styles from './report-view.module.css';
import { count, milliseconds, share } from './words';

/** One report: its setup and its results. */
export function ReportView({
  report,
  oldSystem,
}: {
  readonly report: LoadReport;
  readonly oldSystem: OldSystem;
}) {
  const { variant, title, command, at, commit, machine, settings, assumptions, runs, checks } =
    report;
  const isOldScenario = runs.some(({ name }) => oldSystem.runs.some((run) => run.name === name));
  return (
    <section id={variant} className={styles.report}>
      <h2>{title}</h2>
      <dl className={styles.facts}>
        <Fact name="Command" value={<code>{command}</code>} />
        <Fact
          name="Date"
          value={<time dateTime={at}>{at.slice(0, 16).replace('T', ' ')} UTC</time>}
        />
        <Fact name="Machine" value={machine} />
        <Fact name="Commit" value={commit} />
        <Fact
          name="Settings"
          value={Object.entries(settings)
            .map(([name, value]) => `${name} ${value}`)
            .join(', ')}
        />
      </dl>
      {checks.length > 0 && <Checks checks={checks} />}
      {isOldScenario && <Comparison runs={runs} oldSystem={oldSystem} />}
      <Outcomes runs={runs} />
      <Latencies
        caption="Latency of successes, in milliseconds"
        runs={runs}
        of="latencyOfSuccesses"
      />
      <Latencies caption="Latency of all answers, in milliseconds" runs={runs} of="latencyOfAll" />
      <Processors runs={runs} />
      {runs.map((run) => (
        <details key={run.name} className={styles.details}>
          <summary>Each route in the run “{run.name}”</summary>
          <Routes run={run} />
        </details>
      ))}
      <details className={styles.details}>
        <summary>Assumptions</summary>
        <ul>
          {assumptions.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </details>
    </section>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Checks({ checks }: { readonly checks: readonly Check[] }) {
  return (
    <ul className={styles.checks}>
      {checks.map(({ what, received, holds }) => (
        <li key={what} data-holds={holds}>
          {holds ? <CircleCheck size={16} aria-hidden /> : <CircleX size={16} aria-hidden />}
          <span>
            {what}: {holds ? 'holds' : 'missed'} ({received})
          </span>
        </li>
      ))}
    </ul>
  );
}

type Runs = { readonly runs: readonly LoadRun[] };

function Outcomes({ runs }: Runs) {
  return (
    <DataTable
      caption="Answers by status"
      head={['run', 'requests', 'a second', '2xx', '429', '503', 'other 5xx', 'other', 'no answer']}
      rows={runs.map(({ name, total }) => [
        name,
        count(total.requests),
        total.requestsPerSecond,
        `${count(total.succeeded)} (${share(total.succeeded, total.requests)})`,
        count(total.limited),
        count(total.shed),
        count(total.serverErrors),
        count(total.otherStatuses),
        count(total.unanswered),
      ])}
    />
  );
}

function Latencies({
  caption,
  runs,
  of,
}: Runs & { readonly caption: string; readonly of: 'latencyOfSuccesses' | 'latencyOfAll' }) {
  const keys = ['mean', 'min', 'p50', 'p95', 'p99', 'max'] as const;
  return (
    <DataTable
      caption={caption}
      head={['run', ...keys]}
      rows={runs.map(({ name, total }) => [
        name,
        ...keys.map((key) => milliseconds(total[of]?.[key])),
      ])}
    />
  );
}

function Processors({ runs }: Runs) {
  return (
    <DataTable
      caption="Processors"
      head={[
        'run',
        'pictures',
        'out of the cache',
        'server’s CPU ms a picture',
        'busy: server',
        'busy: load generator',
      ]}
      rows={runs.map(({ name, pictures, processor }) => [
        name,
        count(pictures.ranked),
        share(pictures.cached, pictures.ranked),
        milliseconds(processor.serverMsPerPicture),
        processor.server.toFixed(2),
        processor.loadGenerator.toFixed(2),
      ])}
    />
  );
}

function Routes({ run }: { readonly run: LoadRun }) {
  return (
    <DataTable
      caption={`Routes, run “${run.name}”`}
      head={['route', 'requests', 'failed', 'a second', 'mean ms', 'p95 ms of successes']}
      rows={run.routes.map(({ route, figures }) => [
        route,
        count(figures.requests),
        count(figures.requests - figures.succeeded),
        figures.requestsPerSecond,
        milliseconds(figures.latencyOfAll?.mean),
        milliseconds(figures.latencyOfSuccesses?.p95),
      ])}
    />
  );
}
