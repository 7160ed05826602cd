/**
 * Bundles the client that other pages import: once for the server to serve, once for the npm
 * package. Files in public/client have a hash in their names; files with constant names lie in
 * public itself.
 */
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import type { DeviceAssets } from '../lib/browser/client/device/assets';

const PUBLISHED = 'lib/browser/client/published';
const CLIENT = `${PUBLISHED}/sightline.ts`;
const ELEMENT = 'lib/browser/client/element/classifier.ts';
const PACKAGE = 'packages/client';
/** Path from which the package's client loads the device's code, on the server that it uses. */
const DEVICE_ADDRESS = '/client-device.js';

const COMMON: BuildOptions = {
  bundle: true,
  minify: true,
  platform: 'browser',
  target: 'es2022',
  format: 'esm',
  logLevel: 'warning',
};

export async function buildClient(assets: DeviceAssets): Promise<void> {
  await rm('public/client', { recursive: true, force: true });
  const deviceUrl = await bundle('device', `${PUBLISHED}/device-module.ts`, {
    DEVICE_ASSETS: JSON.stringify(assets),
  });
  const define = { DEVICE_MODULE: JSON.stringify(deviceUrl) };
  const [clientUrl, elementUrl] = await Promise.all([
    bundle('client', CLIENT, define),
    bundle('classifier', ELEMENT, define),
  ]);
  await Promise.all([
    writeName('client.js', clientUrl),
    writeName('classifier.js', elementUrl),
    writeName(DEVICE_ADDRESS.slice(1), deviceUrl),
    copyFile(`${PACKAGE}/client.d.ts`, 'public/client.d.ts'),
    copyFile(`${PACKAGE}/classifier.d.ts`, 'public/classifier.d.ts'),
    buildPackage(),
  ]);
}

/** Builds the files that `npm pack packages/client` packs in addition to its own. */
async function buildPackage(): Promise<void> {
  const outdir = `${PACKAGE}/dist`;
  await rm(outdir, { recursive: true, force: true });
  await build({
    ...COMMON,
    minify: false,
    entryPoints: { client: CLIENT, classifier: ELEMENT },
    outdir,
    define: { DEVICE_MODULE: JSON.stringify(DEVICE_ADDRESS) },
  });
  await build({
    ...COMMON,
    minify: false,
    platform: 'node',
    target: 'node20',
    entryPoints: { cli: `${PACKAGE}/src/cli.ts` },
    outdir,
    external: ['cli-progress', 'papaparse'],
    banner: { js: '#!/usr/bin/env node' },
  });
}

/** @returns the URL, which contains a hash of the content */
async function bundle(
  name: string,
  entryPoint: string,
  define: Record<string, string>,
): Promise<string> {
  const { metafile } = await build({
    ...COMMON,
    entryPoints: { [name]: entryPoint },
    outdir: 'public/client',
    entryNames: '[name]-[hash]',
    define,
    metafile: true,
  });
  const [output] = Object.keys(metafile.outputs);
  return `/client/${path.basename(output!)}`;
}

async function writeName(name: string, url: string): Promise<void> {
  await mkdir('public', { recursive: true });
  await writeFile(`public/${name}`, `export * from '.${url}';\n`);
}
