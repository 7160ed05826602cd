/**
 * Measures milliseconds per picture in Chromium: our code, inference alone, decoding, and
 * transformers.js.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import { chromium, type Page } from 'playwright';
import { availableProcessors } from '../../../lib/server/inference/processors';
import { readModelFolder } from '../../../lib/server/models/folder';
import type { PixelImage } from '../../../lib/shared/vision/image';
import { ensureChromium } from '../../../scripts/chromium';
import { makePictures } from '../../loadtest/pictures';
import { seededRandom } from '../../loadtest/random';
import type { Setup } from './contest';

export type BrowserPhase = 'ours' | 'bare' | 'peer' | 'decode';
export type BrowserSamples = Readonly<Record<BrowserPhase, readonly number[]>>;

const OUR_RUNTIME = 'node_modules/onnxruntime-web/dist';
const PEER_RUNTIME = 'node_modules/@huggingface/transformers/node_modules/onnxruntime-web/dist';
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};
const PAGE =
  '<!doctype html><script type="module" src="/ours.js"></script><script type="module" src="/peer.js"></script>';

/** Returns the content of a URL: the page, its scripts, or a file of a served folder. */
type Read = (address: string) => Promise<Buffer | string>;

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`bench/limit/browser/${entry}.ts`],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['onnxruntime-web-use-extern-wasm'],
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}

async function readers(): Promise<Read> {
  const scripts = { '/ours.js': await bundle('ours'), '/peer.js': await bundle('peer') };
  const folders = { '/ort/': OUR_RUNTIME, '/peer-ort/': PEER_RUNTIME, '/models/': 'models' };
  return async (address) => {
    if (address === '/') return PAGE;
    const script = (scripts as Record<string, string>)[address];
    if (script !== undefined) return script;
    const [prefix, folder] = Object.entries(folders).find(([start]) => address.startsWith(start))!;
    return readFile(path.join(folder, path.normalize(address.slice(prefix.length))));
  };
}

/**
 * Serves the pages cross-origin isolated, so that WebAssembly may use threads as in the product.
 */
async function startPages() {
  const read = await readers();
  const server = createServer((request, response) => {
    const address = new URL(request.url!, 'http://localhost').pathname;
    const headers = {
      'content-type': TYPES[path.extname(address)] ?? (address === '/' ? 'text/html' : ''),
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    };
    read(address).then(
      (body) => response.writeHead(200, headers).end(body),
      () => response.writeHead(404, headers).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, stop: () => server.close() };
}

async function setupOf(id: string): Promise<Setup> {
  const folder = await readModelFolder(path.join('models', id), id);
  const { preprocessing, labels, calibration, head } = folder;
  const runtime = (at: string, name: string) => ({
    scriptUrl: `${at}${name}.mjs`,
    wasmUrl: `${at}${name}.wasm`,
  });
  return {
    id,
    model: { preprocessing, labels, calibration, head },
    modelUrl: `/models/${id}/onnx/model.onnx`,
    ours: runtime('/ort/', 'ort-wasm-simd-threaded'),
    peer: runtime('/peer-ort/', 'ort-wasm-simd-threaded.asyncify'),
    threads: availableProcessors(),
  };
}

/**
 * Measures all candidates in rounds.
 *
 * @param rounds number of rounds, including the warm-up, which is not counted
 * @param picturesEach pictures per candidate and round
 */
export async function measureInBrowser(
  id: string,
  rounds: number,
  warmupRounds: number,
  picturesEach: number,
): Promise<BrowserSamples> {
  const pages = await startPages();
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: ['--no-sandbox'],
  });
  try {
    const page = await browser.newPage();
    // The compiler calls `__name` to name functions; the page does not have it.
    await page.addInitScript('globalThis.__name = (value) => value');
    await page.goto(pages.url);
    const pictures = (await makePictures(seededRandom(1))).slice(0, picturesEach);
    return await race(page, await setupOf(id), rounds, warmupRounds, pictures);
  } finally {
    await browser.close();
    pages.stop();
  }
}

function race(page: Page, setup: Setup, rounds: number, warmupRounds: number, pictures: Buffer[]) {
  const base64 = pictures.map((picture) => picture.toString('base64'));
  return page.evaluate(
    async ({ given, count, warmup, encoded }) => {
      const ours = await window.startOurs(given);
      const peer = await window.startPeer(given);
      const blobs = await Promise.all(
        encoded.map(async (text) => (await fetch(`data:image/jpeg;base64,${text}`)).blob()),
      );
      const pixels: PixelImage[] = [];
      for (const blob of blobs) pixels.push(await ours.decode(blob));
      const prepared = pixels.map((picture) => ours.bare(picture));
      const ways = {
        ours: (i: number) => ours.ours(pixels[i]!),
        bare: (i: number) => prepared[i]!(),
        peer: (i: number) => peer(pixels[i]!),
        decode: (i: number) => ours.decode(blobs[i]!),
      };
      const samples: Record<keyof typeof ways, number[]> = {
        ours: [],
        bare: [],
        peer: [],
        decode: [],
      };
      for (let round = 0; round < count; round++) {
        for (const name of Object.keys(ways) as (keyof typeof ways)[]) {
          const startedAtMs = performance.now();
          for (let i = 0; i < pixels.length; i++) await ways[name](i);
          const each = (performance.now() - startedAtMs) / pixels.length;
          if (round >= warmup) samples[name].push(each);
        }
      }
      return samples;
    },
    { given: setup, count: rounds, warmup: warmupRounds, encoded: base64 },
  );
}
