/** npm test: runs all checks, the fastest first, and stops at the first failure. */
import { buildIfStale } from './build';
import { ensureChromium } from './chromium';
import { ensureNginx } from './cluster/nginx';
import { ensureEngines } from './engines';
import { ensurePromtool } from './promtool';
import { ensureRedis } from './redis';
import { run } from './run';

const STEPS: readonly [name: string, work: () => Promise<unknown>][] = [
  ['format', () => run('prettier', ['--check', '.'])],
  ['assets and build', buildIfStale],
  ['lint', () => run('npm', ['run', 'lint'])],
  ['types', () => run('tsx', ['scripts/typecheck.ts'])],
  ['redis-server', ensureRedis],
  ['nginx', ensureNginx],
  ['promtool', ensurePromtool],
  ['unit tests', () => run('vitest', ['run', '--project', 'unit'])],
  ['integration tests', () => run('vitest', ['run', '--project', 'integration'])],
  ['Chromium', ensureChromium],
  ['end-to-end tests', () => run('playwright', ['test'])],
  ['Firefox and WebKit', ensureEngines],
  [
    'tests in Firefox and WebKit',
    () => run('vitest', ['run', '--project', 'engines', '--bail', '1']),
  ],
];

for (const [name, work] of STEPS) {
  const startedAtMs = performance.now();
  console.info(`\n── ${name}`);
  try {
    await work();
  } catch (error) {
    console.error(`\n${name}: ${(error as Error).message}`);
    process.exit(1);
  }
  console.info(`── ${name}: ${((performance.now() - startedAtMs) / 1000).toFixed(0)} s`);
}
