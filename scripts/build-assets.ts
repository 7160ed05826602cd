/** Bundles what Next must not bundle: the pool worker, the browser workers and the WebAssembly. */
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import type { DeviceAssets, WasmBuild } from '../lib/browser/client/device/assets';
import type { PageAssets } from '../lib/browser/page-assets';
import { divertAddress } from '../lib/browser/viewer-address';
import { buildClient } from './build-client';
import { sourceCommit } from './source-commit';

const ORT_DIST = 'node_modules/onnxruntime-web/dist';
const VIEWER = 'node_modules/openapi-explorer/dist/browser/openapi-explorer.min.js';

export async function buildAssets(): Promise<void> {
  await rm('public/workers', { recursive: true, force: true });
  await rm('public/ort', { recursive: true, force: true });
  await rm('public/viewer', { recursive: true, force: true });
  const [workerUrl, chartReaderUrl, preparerUrl, wasm, webgpu, viewerUrl] = await Promise.all([
    bundleBrowserWorker('inference', 'lib/worker/main.ts'),
    bundleBrowserWorker('charts', 'lib/worker/charts/main.ts'),
    bundleBrowserWorker('prepare', 'lib/worker/prepare/main.ts'),
    copyWasmBuild('ort-wasm-simd-threaded'),
    copyWasmBuild('ort-wasm-simd-threaded.asyncify'),
    copyViewer(),
    bundlePoolWorker(),
    bundleServer(),
    bundleCli(),
  ]);
  const device: DeviceAssets = {
    workerUrl,
    builds: { wasm, webgpu },
    knownPictureUrl: '/samples/espresso.png',
  };
  const assets: PageAssets = { ...device, chartReaderUrl, preparerUrl };
  await buildClient(device);
  await mkdir('.build', { recursive: true });
  await writeFile('.build/device-assets.json', JSON.stringify(assets, null, 2));
  await writeFile('.build/viewer.json', JSON.stringify({ viewerUrl }));
}

/** Copies the API viewer. Its file name contains a hash of the content. */
async function copyViewer(): Promise<string> {
  // The source map is not copied, so the comment would point nowhere.
  const bare = (await readFile(VIEWER, 'utf8')).replace(/^\/\/# sourceMappingURL=.*$/m, '');
  const script = divertAddress(bare);
  const hash = createHash('sha256').update(script).digest('hex').slice(0, 12);
  await mkdir('public/viewer', { recursive: true });
  await writeFile(`public/viewer/openapi-explorer-${hash}.js`, script);
  return `/viewer/openapi-explorer-${hash}.js`;
}

/**
 * Not bundled, as in Next's own bundles: native libraries, and packages that locate their own
 * files.
 */
const EXTERNAL = ['libsql', 'next', 'onnxruntime-node', 'pino', 'piscina', 'prom-client', 'sharp'];

/** Bundles for Node as CommonJS, so that imports run in the order in which they are written. */
async function bundleForNode(
  entryPoints: Record<string, string>,
  outdir: string,
  options: BuildOptions = {},
): Promise<void> {
  await build({
    entryPoints,
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    sourcemap: 'inline',
    sourcesContent: false,
    ...options,
    external: [...EXTERNAL, ...(options.external ?? [])],
    define: {
      'process.env.SOURCE_COMMIT': JSON.stringify(sourceCommit()),
      ...options.define,
    },
    logLevel: 'warning',
  });
}

export async function bundlePoolWorker(outdir = '.build/server'): Promise<void> {
  await bundleForNode({ 'inference-worker': 'lib/server/inference/worker.ts' }, outdir);
}

async function bundleServer(): Promise<void> {
  await bundleForNode({ main: 'lib/server/process/main.ts' }, '.build/server');
}

/**
 * Bundles the operator's commands. The commands themselves bundle nothing: they use built files.
 */
async function bundleCli(): Promise<void> {
  await bundleForNode({ cli: 'scripts/cli.ts' }, '.build/server', {
    sourcemap: false,
    external: ['esbuild'],
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    define: { 'import.meta.url': 'importMetaUrl', 'import.meta.dirname': '__dirname' },
  });
}

/** @returns the URL of the worker's entry, which contains a hash of the content */
async function bundleBrowserWorker(name: string, entryPoint: string): Promise<string> {
  const { metafile } = await build({
    entryPoints: { [name]: entryPoint },
    outdir: 'public/workers',
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    // For the decoders' WebAssembly, which the scripts fetch when needed.
    assetNames: '[name]-[hash]',
    loader: { '.wasm': 'file' },
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    // The variant that is given its WebAssembly and does not search for it.
    conditions: ['onnxruntime-web-use-extern-wasm'],
    metafile: true,
    logLevel: 'warning',
  });
  const [entry] = Object.entries(metafile.outputs).find(
    ([, output]) => output.entryPoint === entryPoint,
  )!;
  return `/workers/${path.basename(entry)}`;
}

/**
 * Copies script and binary into a folder named by their hash; the script finds the binary next to
 * it.
 */
async function copyWasmBuild(name: string): Promise<WasmBuild> {
  const files = [`${name}.mjs`, `${name}.wasm`];
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(path.join(ORT_DIST, file)));
  const folder = `ort/${hash.digest('hex').slice(0, 12)}`;
  await mkdir(path.join('public', folder), { recursive: true });
  for (const file of files) await cp(path.join(ORT_DIST, file), path.join('public', folder, file));
  const { size } = await stat(path.join(ORT_DIST, `${name}.wasm`));
  return {
    scriptUrl: `/${folder}/${name}.mjs`,
    wasmUrl: `/${folder}/${name}.wasm`,
    wasmBytes: size,
  };
}
