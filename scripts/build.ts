/** npm run build: builds everything that `npm start` serves, into .next/standalone. */
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { devDependencies } from '../package.json';
import { buildAssets } from './build-assets';
import { buildIcons } from './build-icons';
import { buildServiceWorker } from './build-service-worker';
import { compressAhead, compressFolder } from './compress';
import { CLI_FILE } from './invocation';
import { run, toolEnvironment } from './run';
import { sourceCommit } from './source-commit';

export const STANDALONE = path.join('.next', 'standalone');
/** Next's own server. It serves the API through Next's route handlers, as function platforms do. */
export const FUNCTIONS_SERVER = 'functions-server.js';
const STAMP = path.join(STANDALONE, '.sightline-build');

/** Set first, because Next and React read NODE_ENV when they are loaded. */
const ENTRY = `process.env.NODE_ENV = 'production';
process.chdir(import.meta.dirname);
await import('./.build/server/main.cjs');
`;

/** Like the server, it resolves relative folders from its own folder. */
const CLI_ENTRY = `import path from 'node:path';
for (const [name, fallback] of [['MODELS_DIR', 'models'], ['DATA_DIR', '.data']]) {
  process.env[name] = path.resolve(import.meta.dirname, process.env[name] || fallback);
}
await import('./.build/server/cli.cjs');
`;

/** Folders whose files are served precompressed (lib/server/http/static-files.ts). */
const COMPRESSED = [
  '.next/static',
  'public/ort',
  'public/workers',
  'public/viewer',
  'public/client',
];

/** The build's sources. A change in any of them makes the build stale. */
const SOURCES = [
  'app',
  'bench/results',
  'components',
  'lib',
  'packages/client/src',
  'packages/client/client.d.ts',
  'packages/client/classifier.d.ts',
  'public/samples',
  'scripts',
  'proxy.ts',
];
const CONFIGURATION = ['next.config.ts', 'package.json', 'package-lock.json', 'tsconfig.json'];
const IGNORED = /\.test\.tsx?$|\/fixtures\//;

export async function buildAll(): Promise<void> {
  assertTools();
  // Taken before the build, so that a source that is saved during the build makes it stale.
  const newestSourceMs = await newestChangeMs([...SOURCES, ...CONFIGURATION]);
  await rm(STAMP, { force: true });
  await Promise.all([buildAssets(), buildIcons()]);
  const env: NodeJS.ProcessEnv = {
    ...toolEnvironment,
    NODE_ENV: 'production',
    SOURCE_COMMIT: sourceCommit(),
  };
  await Promise.all([run('next', ['build'], { env }), compressAhead('public/ort')]);
  await rename(path.join(STANDALONE, 'server.js'), path.join(STANDALONE, FUNCTIONS_SERVER));
  await writeFile(path.join(STANDALONE, 'server.js'), ENTRY);
  await writeFile(path.join(STANDALONE, CLI_FILE), CLI_ENTRY);
  await cp('public', path.join(STANDALONE, 'public'), { recursive: true });
  await mkdir(path.join(STANDALONE, '.next'), { recursive: true });
  await cp('.next/static', path.join(STANDALONE, '.next/static'), { recursive: true });
  await buildServiceWorker(path.join(STANDALONE, 'public', 'sw.js'));
  // Function platforms take the content of public after the build.
  await cp(path.join(STANDALONE, 'public', 'sw.js'), path.join('public', 'sw.js'));
  await Promise.all(COMPRESSED.map((folder) => compressFolder(path.join(STANDALONE, folder))));
  await writeFile(STAMP, String(newestSourceMs));
}

/**
 * Ends the process at once if the build would otherwise fail minutes later with an unclear error.
 */
function assertTools(): void {
  const tools = Object.keys(devDependencies).filter((name) => /^(typescript$|@types\/)/.test(name));
  const missing = tools.filter((name) => !existsSync(path.join('node_modules', name)));
  if (missing.length === 0) return;
  console.error(
    `${missing.join(', ')} is missing, which the build needs: run "npm ci --include=dev" (NODE_ENV=production and --omit=dev leave it out), or build elsewhere and run "node server.js" in a copy of ${STANDALONE}.`,
  );
  process.exit(1);
}

/** Builds if there is no finished build, or if it is older than its sources. */
export async function buildIfStale(): Promise<void> {
  const builtFromMs = await readFile(STAMP, 'utf8').then(Number, () => undefined);
  const newestSourceMs = await newestChangeMs([...SOURCES, ...CONFIGURATION]);
  if (builtFromMs !== newestSourceMs) await buildAll();
}

async function newestChangeMs(roots: readonly string[]): Promise<number> {
  const times = await Promise.all(roots.map(changeMs));
  return Math.max(...times);
}

async function changeMs(entry: string): Promise<number> {
  if (IGNORED.test(entry)) return 0;
  const info = await stat(entry);
  if (!info.isDirectory()) return Math.floor(info.mtimeMs);
  const children = await readdir(entry);
  const times = await Promise.all(children.map((child) => changeMs(`${entry}/${child}`)));
  return Math.max(0, ...times);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildAll();
