/** What the docs promise is there, and what is there is in the docs. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { PROBLEM_TYPES } from '@/lib/shared/contract/problems';
import { envExample, withTable } from '../scripts/settings-table';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const DOCS = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs/api.md',
  'docs/architecture.md',
  'docs/embed.md',
  'docs/metrics.md',
  'docs/models.md',
  'docs/operations.md',
  'docs/settings.md',
  'docs/uncertainty.md',
  'bench/README.md',
];

test('docs/settings.md has the table that npm run docs:settings would write', async () => {
  const text = read('docs/settings.md');
  expect(await withTable(text)).toBe(text);
  expect(text).toMatch(/^\| PREDICT_PER_MINUTE +\| 100 /m);
});

test('.env.example is what npm run docs:settings would write', () => {
  expect(read('.env.example')).toBe(envExample());
});

test('the version is that of the newest entry in CHANGELOG.md', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect(read('CHANGELOG.md').match(/^## (\S+)/m)?.[1]).toBe(version);
});

test('docs/api.md names every type of problem but the one that should never occur', () => {
  const text = read('docs/api.md');
  const missing = Object.keys(PROBLEM_TYPES).filter((type) => !text.includes(`\`${type}\``));
  expect(missing).toEqual(['internal-error']);
});

describe.each(DOCS)('%s', (file) => {
  test('links to files that exist', () => {
    const links = [...read(file).matchAll(/\]\(([^)#\s]+)/g)].map(([, target]) => target!);
    const broken = links.filter(
      (target) =>
        !target.startsWith('http') && !existsSync(path.resolve(root, path.dirname(file), target)),
    );
    expect(broken).toEqual([]);
  });

  test('names commands that exist', () => {
    expect(commandsIn(file).filter((name) => !(name in scripts))).toEqual([]);
  });

  test('names commands that a test runs, or that have a reason why none does', () => {
    expect(commandsIn(file).filter((name) => !(name in CHECKED_BY))).toEqual([]);
  });

  test('names files of tests that exist', () => {
    const named = [...read(file).matchAll(/(?:vitest run|playwright test)[^`\n]* (\S+\/[^\s`]+)/g)];
    const missing = named.filter(([, target]) => !existsSync(path.resolve(root, target!)));
    expect(missing.map(([, target]) => target)).toEqual([]);
  });
});

const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

function commandsIn(file: string): string[] {
  return [...read(file).matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name!);
}

const MEASURES = 'measures for minutes; the results are in bench/results';
const IN_NPM_TEST = 'npm test runs the same step';

/** For every command that the docs name, the test that runs it, or why none does. */
const CHECKED_BY: Readonly<Record<string, string>> = {
  backup: 'tests/integration/backup.test.ts',
  restore: 'tests/integration/backup.test.ts',
  build: IN_NPM_TEST,
  check: IN_NPM_TEST,
  lint: IN_NPM_TEST,
  engines: IN_NPM_TEST,
  parity: 'measures for minutes; docs/parity.md has the results',
  format: 'rewrites the sources; npm test runs format:check',
  dev: 'tests/integration/silence.test.ts',
  cluster: 'tests/integration/cluster.test.ts',
  'docs:settings': 'tests/docs.test.ts',
  formats: 'tests/integration/formats.test.ts',
  attack: 'tests/integration/attack.test.ts',
  fuzz: 'tests/integration/fuzz.test.ts',
  keys: 'tests/integration/keys.test.ts',
  model: 'scripts/model/cli.test.ts',
  uncertainty: 'measures for minutes; tests/integration/uncertainty.test.ts checks what it fits',
  loadtest: MEASURES,
  bench: MEASURES,
  'bench:charts': MEASURES,
  'bench:folder': 'takes minutes; tests/integration/client-package.test.ts has a smaller folder',
  'bench:decode': MEASURES,
  'bench:health': MEASURES,
  'bench:history': MEASURES,
  'bench:isolation': MEASURES,
  'bench:memory': MEASURES,
  'bench:models': MEASURES,
  'bench:page': MEASURES,
  'bench:prepared': MEASURES,
  'bench:preprocess': MEASURES,
  'bench:shards': MEASURES,
  'bench:soak': MEASURES,
  'bench:start': MEASURES,
  'bench:statistics': MEASURES,
  'bench:store': MEASURES,
  'bench:turns': MEASURES,
};

test('every test that is named as checking a command exists', () => {
  const named = Object.values(CHECKED_BY).flatMap(
    (text) => text.match(/(tests|scripts)\/\S+\.ts/g) ?? [],
  );
  expect(named.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
});

interface Workflow {
  readonly jobs: {
    readonly test: {
      readonly strategy: { readonly matrix: { readonly node: readonly string[] } };
      readonly container: string;
      readonly steps: readonly { readonly run?: string }[];
    };
  };
}

test('the workflow runs .ci/run on the oldest Node that package.json allows and on newer ones', () => {
  const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
  const { strategy, container, steps } = (parse(read('.github/workflows/ci.yml')) as Workflow).jobs
    .test;
  expect(`>=${strategy.matrix.node[0]}`).toBe(engines.node);
  expect(strategy.matrix.node.slice(1)).toEqual(['22', '24']);
  expect(container).toBe('node:${{ matrix.node }}-bookworm');
  expect(steps.flatMap(({ run }) => run ?? [])).toEqual(['.ci/run']);
});

interface Field {
  readonly type: string;
  readonly id: string;
  readonly attributes: { readonly label: string };
}

test.each(['fault', 'model', 'wish'])('the issue form %s has fields with labels', (name) => {
  const form = parse(read(`.github/ISSUE_TEMPLATE/${name}.yml`)) as {
    readonly name: string;
    readonly description: string;
    readonly body: readonly Field[];
  };
  expect(form.name).toBeTruthy();
  expect(form.description).toBeTruthy();
  const ids = form.body.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(form.body.filter(({ attributes }) => !attributes.label)).toEqual([]);
});
