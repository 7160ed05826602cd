/** Bundles the service worker with the list of files that it caches. Runs after Next's build. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import type { DeviceAssets } from '../lib/browser/client/device/assets';

/** Pages that work offline, and pages that say that they need a network. */
const PAGES = [
  '/',
  '/many',
  '/history',
  '/settings',
  '/visualizations',
  '/models',
  '/load-tests',
  '/docs',
  '/offline',
];

/**
 * @param outfile file that is served as `/sw.js`; a service worker's scope is the folder of its URL
 */
export async function buildServiceWorker(outfile: string): Promise<void> {
  await build({
    entryPoints: ['lib/service-worker/main.ts'],
    outfile,
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    define: {
      PRECACHE: JSON.stringify(await listKept()),
      'process.env.NODE_ENV': '"production"',
    },
    logLevel: 'warning',
  });
}

/**
 * Lists the cached URLs. URLs with a hash need no revision; pages have that of the build, other
 * files their hash.
 */
async function listKept(): Promise<{ url: string; revision: string | null }[]> {
  const revision = await readFile('.next/BUILD_ID', 'utf8');
  const { builds } = JSON.parse(
    await readFile('.build/device-assets.json', 'utf8'),
  ) as DeviceAssets;
  const named = [
    ...(await listFiles('.next/static', '/_next/static')),
    ...(await listWorkers()),
    builds.wasm.scriptUrl,
  ];
  const samples = await listFiles('public/samples', '/samples', /\.(png|jpg|webp)$/);
  const icons = await listFiles('public/icons', '/icons');
  return [
    ...named.map((url) => ({ url, revision: null })),
    ...[...PAGES, '/icon.svg', '/manifest.webmanifest'].map((url) => ({ url, revision })),
    ...(await Promise.all([...samples, ...icons].map(withHash))),
  ];
}

/** The hash as revision: a new version does not download unchanged files again. */
async function withHash(url: string): Promise<{ url: string; revision: string }> {
  const content = await readFile(path.join('public', url));
  return { url, revision: createHash('sha256').update(content).digest('hex').slice(0, 12) };
}

async function listFiles(folder: string, prefix: string, wanted = /./): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return `${prefix}/${path.relative(folder, file).split(path.sep).join('/')}`;
    })
    .sort();
}

/** All workers except WebGPU's files and the decoders, which are cached when first used. */
async function listWorkers(): Promise<string[]> {
  const urls = await listFiles('public/workers', '/workers');
  return urls.filter((url) => !/webgpu|-codec-|\.wasm$/.test(url));
}
