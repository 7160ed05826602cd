/** deploy/prometheus/ as Prometheus' own tool reads it, and against what the server measures. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { ensurePromtool } from '../../scripts/promtool';
import { askForEverything, metricsText, parseMetrics, type MetricFamily } from '../metrics';
import { makeKey, postPicture, smallPicture } from '../../harness/client';
import { startServer, type TestServer } from '../../harness/server';

const FOLDER = path.resolve('deploy/prometheus');
const TESTS = path.join(FOLDER, 'tests');
const read = (file: string): unknown => parse(readFileSync(file, 'utf8'));

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: { readonly severity: string };
  readonly annotations?: Record<string, string>;
}

interface UnitTests {
  readonly tests: readonly {
    readonly alert_rule_test?: readonly {
      readonly alertname: string;
      readonly exp_alerts: readonly unknown[];
    }[];
  }[];
}

const rules = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.rules.yml'))
  .flatMap((name) => (read(path.join(FOLDER, name)) as { groups: { rules: Rule[] }[] }).groups)
  .flatMap((group) => group.rules);
const alerts = rules.filter((rule) => rule.alert !== undefined);
interface Panel {
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly { readonly expr: string }[];
}

/** What the panels of the dashboard ask, with the job of deploy/prometheus in the place of `$job`. */
const queries = (read('deploy/grafana/sightline.json') as { panels: Panel[] }).panels
  .flatMap(({ targets = [] }) => targets)
  .map(({ expr }) => expr.replaceAll('$job', 'sightline'));

const testFiles = readdirSync(TESTS).map((name) => path.join(TESTS, name));

/** What an expression reads: no functions, labels, ranges or words of the language. */
function metricsOf(expr: string): string[] {
  const bare = expr
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
    .replace(/\boffset\s+\w+/g, ' ')
    .replace(/\b(and|or|unless|bool)\b/g, ' ');
  return [...bare.matchAll(/(?<![\w:.])[a-zA-Z_:][\w:]*\b(?!\s*\()/g)].map(([name]) => name);
}

/** Values that expressions ask a label for, each `label=value`; patterns only as lists of words. */
function labelsOf(expr: string): string[] {
  return [...expr.matchAll(/(\w+)=~?"([\w|-]+)"/g)].flatMap(([, label, values]) =>
    values!.split('|').map((value) => `${label}=${value}`),
  );
}

describe('promtool', () => {
  let promtool: string;
  const run = promisify(execFile);

  beforeAll(async () => {
    promtool = await ensurePromtool();
  });

  test('accepts the configuration and its rules', async () => {
    const { stdout } = await run(promtool, [
      'check',
      'config',
      path.join(FOLDER, 'prometheus.yml'),
    ]);
    expect(stdout).toContain('2 rule files found');
    expect(stdout).not.toContain('FAILED');
  });

  test.each(testFiles.map((file) => path.basename(file)))(
    'has the alerts of tests/%s fire when they should',
    async (name) => {
      const { stdout } = await run(promtool, ['test', 'rules', path.join(TESTS, name)]);
      expect(stdout).toContain('SUCCESS');
    },
  );

  test('reads every query of the dashboard', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sightline-queries-'));
    const rules = queries.map((expr, i) => ({ record: `query:${i}`, expr }));
    const file = path.join(folder, 'queries.rules.yml');
    await writeFile(file, stringify({ groups: [{ name: 'dashboard', rules }] }));
    const { stdout } = await run(promtool, ['check', 'rules', file]).finally(() =>
      rm(folder, { recursive: true }),
    );
    expect(stdout).toContain(`SUCCESS: ${queries.length} rules found`);
  });

  test('tries each alert both ways', () => {
    const tried = testFiles
      .flatMap((file) => (read(file) as UnitTests).tests)
      .flatMap((one) => one.alert_rule_test ?? [])
      .map((one) => `${one.alertname} ${one.exp_alerts.length > 0 ? 'fires' : 'is silent'}`);
    const wanted = alerts.flatMap(({ alert }) => [`${alert} fires`, `${alert} is silent`]);
    expect(wanted.length).toBeGreaterThan(0);
    expect([...new Set(tried)].sort()).toEqual(wanted.sort());
  });
});

test('each alert says how bad it is, what it is, and where to read on', () => {
  const operations = readFileSync('docs/operations.md', 'utf8');
  for (const { alert, labels, annotations } of alerts) {
    expect(labels!.severity).toMatch(/^(critical|warning)$/);
    expect(annotations).toEqual({
      summary: expect.any(String) as string,
      description: expect.any(String) as string,
      runbook_url: `docs/operations.md#${alert!.toLowerCase()}`,
    });
    expect(operations.split('\n')).toContain(`### ${alert}`);
  }
  const described = [...operations.matchAll(/^### (Sightline\w+)$/gm)].map(([, name]) => name);
  expect(described).toEqual(alerts.map(({ alert }) => alert));
});

describe('what the server measures', () => {
  let server: TestServer;
  let families: MetricFamily[];
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'sightline-prometheus-'));
    server = await startServer({ DATA_DIR: dataDir });
    await askForEverything(server.url);
    const key = await makeKey({ DATA_DIR: dataDir }, '--name', 'measured');
    await postPicture(server.url, await smallPicture(), { 'x-api-key': key });
    families = parseMetrics(await metricsText(server.url));
  });
  afterAll(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true });
  });

  test('is all that the rules and the dashboard read', () => {
    const known = new Set(['up', ...families.flatMap(({ samples }) => samples)]);
    for (const { record } of rules) if (record !== undefined) known.add(record);
    const named = [...rules.map(({ expr }) => expr), ...queries].flatMap(metricsOf);
    expect(named).toContain('process_start_time_seconds');
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  test('comes as OpenMetrics where that is asked for', async () => {
    const headers = { Accept: 'application/openmetrics-text;version=1.0.0' };
    const response = await fetch(`${server.url}/api/metrics`, { headers });
    expect(response.headers.get('content-type')).toMatch(/^application\/openmetrics-text/);
    const text = await response.text();
    expect(text).toMatch(/\n# EOF\n$/);
    expect(text).toContain('# TYPE sightline_predictions counter');
    expect(text).toMatch(/^sightline_predictions_total\{/m);
  });

  test('has the routes and results that the rules ask for', () => {
    const known = new Set(families.flatMap(({ labels }) => labels));
    // Statuses of bad days, and Prometheus' own label.
    const asked = [...rules.map(({ expr }) => expr), ...queries]
      .flatMap(labelsOf)
      .filter((label) => !/^(status|job)=/.test(label));
    expect(asked).toContain('route=v2-infer');
    expect(asked.filter((label) => !known.has(label))).toEqual([]);
  });
});
