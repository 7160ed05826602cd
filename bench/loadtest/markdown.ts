import { formatPercent } from '@/lib/shared/numbers/format';
import type { Figures, Latency, LoadReport, LoadRun } from '../../lib/shared/contract/load-tests';
import { OLD_SYSTEM } from './old-system';

/** A report as Markdown, with the old system's figures next to it. */
export function describeReport(report: LoadReport): string {
  const parts = [
    `## ${report.title}`,
    `\`${report.command}\`, ${report.at}, commit ${report.commit}, on ${report.machine}; ${settingsOf(report)}.`,
    runsTable(report.runs),
    outcomesTable(report.runs),
    latencyTable(
      'Latency of successes',
      report.runs,
      ({ latencyOfSuccesses }) => latencyOfSuccesses,
    ),
    latencyTable('Latency of all answers', report.runs, ({ latencyOfAll }) => latencyOfAll),
    processorTable(report.runs),
    ...report.runs.map(routesTable),
    list(
      report.checks.map(
        ({ what, received, holds }) => `${what}: ${received}, ${holds ? 'holds' : 'MISSED'}`,
      ),
    ),
    'Assumptions:',
    list(report.assumptions),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

const settingsOf = ({ settings }: LoadReport) =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');

const list = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join('\n');

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}

const ms = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(1));
const share = (part: number, whole: number) => (whole === 0 ? '–' : formatPercent(part / whole));

const HEAD = [
  'run',
  'requests',
  'succeeded',
  'failed',
  'mean ms',
  'median ms',
  'requests a second',
];

function runsTable(runs: readonly LoadRun[]): string {
  const old = OLD_SYSTEM.runs
    .filter(({ name }) => runs.some((run) => isLike(run, name)))
    .map((run) => [
      `${run.name}, old system`,
      run.requests,
      `${run.succeeded} (${share(run.succeeded, run.requests)})`,
      run.failed,
      run.meanMs,
      run.medianMs,
      run.requestsPerSecond,
    ]);
  const ours = runs.map(({ name, total }) => [
    name,
    total.requests,
    `${total.succeeded} (${share(total.succeeded, total.requests)})`,
    total.requests - total.succeeded,
    ms(total.latencyOfAll?.mean),
    ms(total.latencyOfAll?.p50),
    total.requestsPerSecond,
  ]);
  return table(HEAD, [...old, ...ours]);
}

const isLike = ({ name }: LoadRun, oldName: string) => name.split(',')[0] === oldName;

function outcomesTable(runs: readonly LoadRun[]): string {
  return table(
    ['run', '2xx', '429', '503', 'other 5xx', 'other', 'no answer'],
    runs.map(({ name, total }) => [
      name,
      total.succeeded,
      total.limited,
      total.shed,
      total.serverErrors,
      total.otherStatuses,
      total.unanswered,
    ]),
  );
}

function latencyTable(
  title: string,
  runs: readonly LoadRun[],
  of: (figures: Figures) => Latency | null,
): string {
  const keys = ['mean', 'min', 'p50', 'p95', 'p99', 'max'] as const;
  return table(
    [`${title}, ms`, ...keys],
    runs.map(({ name, total }) => [name, ...keys.map((key) => ms(of(total)?.[key]))]),
  );
}

function processorTable(runs: readonly LoadRun[]): string {
  return table(
    [
      'run',
      'pictures',
      'of them cached',
      'server, CPU ms a picture',
      'processors: server',
      'processors: load generator',
    ],
    runs.map(({ name, pictures, processor }) => [
      name,
      pictures.ranked,
      share(pictures.cached, pictures.ranked),
      ms(processor.serverMsPerPicture ?? undefined),
      processor.server,
      processor.loadGenerator,
    ]),
  );
}

function routesTable(run: LoadRun): string {
  const old = isLike(run, 'normal') ? OLD_SYSTEM.normal.routes : [];
  const rows = run.routes.map(({ route, figures }) => {
    const before = old.find((one) => one.route === route);
    return [
      route,
      figures.requests,
      figures.requests - figures.succeeded,
      ms(figures.latencyOfAll?.mean),
      ms(figures.latencyOfSuccesses?.p95),
      figures.requestsPerSecond,
      ...(before ? [before.requests, before.failed, before.meanMs, before.requestsPerSecond] : []),
    ];
  });
  const head = [`run ${run.name}`, 'requests', 'failed', 'mean ms', 'p95 of successes', 'a second'];
  const oldHead = ['old: requests', 'failed', 'mean ms', 'a second'];
  return table(old.length > 0 ? [...head, ...oldHead] : head, rows);
}
