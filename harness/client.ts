/** Sends requests as programs do, for tests. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import sharp from 'sharp';
import type { StatisticsResponse } from '@/lib/shared/contract/statistics';

const MINUTE_MS = 60_000;

/** A small JPEG. Each number gives another picture. */
export async function smallPicture(number = 0): Promise<Buffer> {
  const background = { r: number % 256, g: (number >> 8) % 256, b: 77 };
  return sharp({ create: { width: 64, height: 64, channels: 3, background } })
    .jpeg()
    .toBuffer();
}

export function postPicture(
  url: string,
  picture: Uint8Array,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/api/predict`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream', ...headers },
    body: new Uint8Array(picture),
  });
}

/** The remaining quota and the seconds until it renews, from the header RateLimit. */
export function rateLimit(response: Response): { left: number; seconds: number } {
  const header = response.headers.get('ratelimit') ?? '';
  const [, left, seconds] = /^"\w+";r=(\d+);t=(\d+)$/.exec(header) ?? [];
  return { left: Number(left), seconds: Number(seconds) };
}

/** Waits for the next window if the current one ends before `neededMs`. */
export async function roomInWindow(neededMs: number): Promise<void> {
  const leftMs = MINUTE_MS - (Date.now() % MINUTE_MS);
  if (leftMs < neededMs) await sleep(leftMs + 50);
}

export async function statistics(url: string): Promise<StatisticsResponse> {
  const response = await fetch(`${url}/api/statistics?window=1h`);
  if (!response.ok) throw new Error(`statistics answered ${response.status}`);
  return (await response.json()) as StatisticsResponse;
}

/** Runs `npm run keys` with these settings, and returns its output. */
export async function keysCommand(
  settings: Record<string, string>,
  ...args: string[]
): Promise<string> {
  const { stdout } = await promisify(execFile)(
    path.resolve('node_modules/.bin/tsx'),
    ['scripts/cli.ts', 'keys', ...args],
    { env: { ...process.env, ...settings } },
  );
  return stdout;
}

/** Creates a key and returns it. */
export async function makeKey(
  settings: Record<string, string>,
  ...args: string[]
): Promise<string> {
  const output = await keysCommand(settings, 'create', ...args);
  return /^sl_\S+$/m.exec(output)![0];
}
