/**
 * npm run bench:decode: what the device's rules cost where a bare canvas would do: a plain JPEG of 12
 * megapixels, decoded by both ways in turns, in a worker of Chromium.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright';
import sharp from 'sharp';
import { median } from '../lib/shared/numbers/quantile';
import { findChromium } from '../scripts/chromium';

const TURNS = 20;

const folder = await mkdtemp(path.join(tmpdir(), 'sightline-decode-'));
await build({
  entryPoints: { worker: 'bench/decode-in-turns.ts' },
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  loader: { '.wasm': 'file' },
  logLevel: 'warning',
});
const photo = await sharp('public/samples/cat.png')
  .resize(4000, 3000, { fit: 'fill' })
  .jpeg({ quality: 90 })
  .toBuffer();
const server = createServer(({ url = '/' }, response) => {
  const name = path.basename(url);
  const isScript = name.endsWith('.js');
  response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
  if (name === 'photo.jpg') response.end(photo);
  else if (isScript) void readFile(path.join(folder, name)).then((code) => response.end(code));
  else response.end('<!doctype html>');
}).listen(0, '127.0.0.1');
const executablePath = findChromium();
const browser = await chromium.launch({
  args: ['--no-sandbox'],
  ...(executablePath ? { executablePath } : {}),
});
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const { device, canvas } = await page.evaluate(async (turns) => {
    const picture = await (await fetch('/photo.jpg')).arrayBuffer();
    const worker = new Worker('/worker.js', { type: 'module' });
    return new Promise<{ device: number[]; canvas: number[] }>((resolve) => {
      worker.onmessage = ({ data }) => resolve(data as { device: number[]; canvas: number[] });
      worker.postMessage({ picture, turns }, [picture]);
    });
  }, TURNS);
  const ratios = device.map((tookMs, turn) => tookMs / canvas[turn]!).sort((a, b) => a - b);
  console.info(`the device's way  ${median(device).toFixed(1)} ms, median of ${TURNS}`);
  console.info(`a bare canvas     ${median(canvas).toFixed(1)} ms`);
  console.info(
    `ratio of a turn   ${median(ratios).toFixed(2)}, ${ratios[0]!.toFixed(2)} to ${ratios.at(-1)!.toFixed(2)}`,
  );
} finally {
  await browser.close();
  server.close();
  await rm(folder, { recursive: true });
}
