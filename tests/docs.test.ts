/** What the docs promise is there, and what is there is in the docs. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROBLEM_TYPES } from '@/lib/shared/contract/problems';
import { withTable } from '../scripts/settings-table';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const DOCS = [
  'README.md',
  'docs/api.md',
  'docs/architecture.md',
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
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(file).matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
