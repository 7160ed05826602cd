/** The rules of dependency-cruiser refuse what they are there to refuse; `npm run lint` runs them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractConfig from 'dependency-cruiser/config-utl/extract-depcruise-config';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const config = await extractConfig(path.join(root, 'dependency-cruiser.config.js'));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'imports-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Which rules are broken where each file imports the files that are named for it. */
async function brokenRules(imports: Readonly<Record<string, readonly string[]>>) {
  for (const [file, targets] of Object.entries(imports)) {
    const source = targets.map((target) => {
      const specifier = path.posix.relative(path.posix.dirname(file), target);
      return `import type {} from '${specifier.startsWith('.') ? specifier : `./${specifier}`}';`;
    });
    mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(folder, `${file}.ts`), source.join('\n'));
  }
  const { output } = await cruise(['.'], {
    baseDir: folder,
    tsPreCompilationDeps: true,
    validate: true,
    ruleSet: { forbidden: config.forbidden ?? [] },
  });
  if (typeof output === 'string') throw new Error(output);
  return output.summary.violations.map(({ rule }) => rule.name);
}

test('a circle of types over three files is refused', async () => {
  const names = await brokenRules({
    'lib/shared/a': ['lib/shared/b'],
    'lib/shared/b': ['components/c'],
    'components/c': ['lib/shared/a'],
  });
  expect(new Set(names)).toEqual(new Set(['no-circle']));
});

test.each([
  ['lib/server/store/counts', 'lib/server/quota/quotas', 3],
  ['lib/server/settings', 'lib/server/http/problem', 1],
  ['lib/server/prediction/predict', 'lib/server/api/app', 6],
  ['lib/server/api/app', 'lib/server/process/server', 7],
])('%s may not import %s, which is above it', async (lower, upper, floor) => {
  expect(await brokenRules({ [lower]: [upper], [upper]: [] })).toEqual([
    `no-arrow-up-to-floor-${floor}`,
  ]);
});

test('what lies on the same floor or below, and the door, may be imported', async () => {
  const names = await brokenRules({
    'lib/server/process/server': ['lib/server/api/app', 'lib/server/settings'],
    'lib/server/api/app': ['lib/server/store/counts', 'lib/server/quota/quotas'],
    'lib/server/quota/quotas': ['lib/server/models/catalog'],
    'lib/server/index': ['lib/server/process/server'],
    'lib/server/models/catalog': [],
    'lib/server/store/counts': [],
    'lib/server/settings': [],
  });
  expect(names).toEqual([]);
});

test.each(['lib/shared/ranking', 'scripts/attack', 'bench/turns', 'harness/server'])(
  '%s may not import tests',
  async (file) => {
    expect(await brokenRules({ [file]: ['tests/odd'], 'tests/odd': [] })).toEqual([
      'no-tests-in-programs',
    ]);
  },
);
