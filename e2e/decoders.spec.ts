/** The device's decoders beside the server's, pixel by pixel, on what cameras and tools write. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { expect, test, type Page } from 'playwright/test';
import sharp from 'sharp';
import { decodeImage } from '../lib/server/intake/decode';
import { DEFAULT_PICTURE_LIMITS } from '../lib/shared/picture/rules';
import { cutPictures, jpegWithProfile, oddPictures } from '../tests/odd-pictures';

/** Mean difference of a channel, of 255; chroma is enlarged differently by libheif and libavif. */
const MEAN_BOUND = 2.5;
const LIMITS = { ...DEFAULT_PICTURE_LIMITS, timeoutSeconds: 20 };

let folder: string;
let server: Server;

const base = () =>
  sharp('public/samples/espresso.png').resize(160, 120, { fit: 'fill' }).removeAlpha();

test.beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'decoders-'));
  await build({
    entryPoints: { probe: 'e2e/support/decoder-probe.ts' },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    loader: { '.wasm': 'file' },
    logLevel: 'warning',
  });
  server = createServer(({ url }, response) => void answer(url ?? '/', response)).listen(0);
});

test.afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

async function answer(url: string, response: ServerResponse): Promise<void> {
  const name = path.basename(url);
  const types: Record<string, string> = { '.js': 'text/javascript', '.wasm': 'application/wasm' };
  response.setHeader('Content-Type', types[path.extname(name)] ?? 'text/html');
  response.end(
    name === '' ? '<!doctype html>' : await readFile(path.join(folder, name)).catch(() => ''),
  );
}

interface OnDevice {
  readonly refused?: string;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly pixels: number[];
}

async function open(page: Page): Promise<void> {
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
}

function decodeInPage(page: Page, bytes: Buffer): Promise<OnDevice> {
  return page.evaluate(
    (base64) =>
      new Promise<OnDevice>((resolve) => {
        const worker = new Worker('/probe.js', { type: 'module' });
        worker.onmessage = ({ data }: MessageEvent<OnDevice>) => {
          worker.terminate();
          resolve(data);
        };
        const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        worker.postMessage(data.buffer);
      }),
    bytes.toString('base64'),
  );
}

test('odd pictures have the same pixels on both sides', async ({ page }) => {
  test.setTimeout(180_000);
  await open(page);
  const pictures = Object.entries(await oddPictures(base));
  const seen: Record<string, string> = {};
  for (const [name, bytes] of pictures) {
    const onServer = await decodeImage(bytes, LIMITS);
    const onDevice = await decodeInPage(page, bytes);
    seen[name] = describeDifference(onServer, onDevice);
  }
  expect(seen).toEqual(Object.fromEntries(pictures.map(([name]) => [name, 'same'])));
});

test('cut pictures are refused on both sides in the same words', async ({ page }) => {
  await open(page);
  for (const [name, bytes] of Object.entries(await cutPictures(base))) {
    const onServer = await decodeImage(bytes, LIMITS);
    const { refused } = await decodeInPage(page, bytes);
    expect([name, onServer.ok ? 'answered' : onServer.problem.detail]).toEqual([name, refused]);
  }
});

test('a printer’s profile is refused on the device, not guessed', async ({ page }) => {
  await open(page);
  const picture = await base().toColourspace('cmyk').withIccProfile('cmyk').jpeg().toBuffer();
  expect((await decodeInPage(page, picture)).refused).toContain('printer’s profile');
});

test('so is a profile of tables for red, green and blue', async ({ page }) => {
  await open(page);
  const profile = Buffer.alloc(144);
  profile.write('RGB ', 16, 'latin1');
  profile.writeUInt32BE(1, 128);
  profile.write('A2B0', 132, 'latin1');
  const picture = jpegWithProfile(await base().jpeg().toBuffer(), profile);
  expect((await decodeInPage(page, picture)).refused).toContain('a profile made of tables');
});

/** Every format and what each can be, where the canvas is not used. */
const PLAIN: Readonly<Record<string, () => Promise<Buffer>>> = {
  'JPEG in Display P3': () => base().withIccProfile('p3').jpeg({ quality: 95 }).toBuffer(),
  'progressive JPEG': () => base().jpeg({ progressive: true }).toBuffer(),
  'grey JPEG': () => base().grayscale().jpeg().toBuffer(),
  'PNG of 16 bits': () => base().toColourspace('rgb16').png().toBuffer(),
  'PNG with a palette': () => base().png({ palette: true }).toBuffer(),
  'transparent PNG': () => base().ensureAlpha(0.6).png().toBuffer(),
  'lossy WebP': () => base().webp().toBuffer(),
  'lossless WebP': () => base().webp({ lossless: true }).toBuffer(),
  'animated WebP': () => animation({ lossless: true }),
  'lossy, transparent, animated WebP': () => animation({ lossless: false }),
  AVIF: () => base().avif().toBuffer(),
  GIF: () => base().gif().toBuffer(),
};

async function animation(options: { lossless: boolean }): Promise<Buffer> {
  const first = await base().ensureAlpha(0.6).png().toBuffer();
  const second = await base().ensureAlpha(0.6).negate({ alpha: false }).png().toBuffer();
  return sharp([first, second], { join: { animated: true } })
    .webp(options)
    .toBuffer();
}

test('a canvas that alters pixels is not used, and the answers are the same', async ({ page }) => {
  await open(page);
  const noisy = `OffscreenCanvasRenderingContext2D.prototype.getImageData = () => { throw new Error('noise'); };`;
  const probe = await readFile(path.join(folder, 'probe.js'), 'utf8');
  await page.route('**/probe.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: noisy + probe }),
  );
  const seen: Record<string, string> = {};
  for (const [name, make] of Object.entries(PLAIN)) {
    const bytes = await make();
    const onServer = await decodeImage(bytes, LIMITS);
    seen[name] = describeDifference(onServer, await decodeInPage(page, bytes));
  }
  expect(seen).toEqual(Object.fromEntries(Object.keys(PLAIN).map((name) => [name, 'same'])));
});

function describeDifference(
  onServer: Awaited<ReturnType<typeof decodeImage>>,
  onDevice: OnDevice,
): string {
  if (!onServer.ok) return `refused by the server: ${onServer.problem.detail}`;
  if (onDevice.refused !== undefined) return `refused by the device: ${onDevice.refused}`;
  const { width, height, data } = onServer.image;
  if (width !== onDevice.width || height !== onDevice.height) {
    return `${width} × ${height} on the server, ${onDevice.width} × ${onDevice.height} on the device`;
  }
  let sum = 0;
  for (let i = 0; i < data.length; i++) {
    const at = Math.floor(i / 3) * onDevice.channels + (i % 3);
    sum += Math.abs(data[i]! - onDevice.pixels[at]!);
  }
  const mean = sum / data.length;
  return mean <= MEAN_BOUND ? 'same' : `differs by ${mean.toFixed(2)} on the mean`;
}
