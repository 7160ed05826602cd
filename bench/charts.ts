/** 10,000 points in each chart: does the page react within 200 ms on a processor four times slower? */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Page } from 'playwright';
import type { Chart, VisualizationsResponse } from '../lib/shared/contract/statistics';
import { buildIfStale } from '../scripts/build';
import { ensureChromium } from '../scripts/chromium';
import { startServer } from '../harness/server';
import { seedWeek } from '../harness/week';

const POINTS = 10_000;
const SLOWDOWN = 4;
const LARGEST_MS = 200;
const ROUNDS = 3;
const SIDE = Math.sqrt(POINTS);

interface Measured {
  /** From the click to the next painted frame. */
  readonly reactionMs: number;
  /** Longest time in which the page could not react to another click. */
  readonly blockedMs: number;
}

declare global {
  interface Window {
    reactions: number[];
    blocks: number[];
  }
}

/** The same chart with more points, spread over its series. */
function enlarge(chart: Chart, to: string): Chart {
  const [first] = chart.series;
  if (!first) return chart;
  const wave = (i: number, phase: number) =>
    Number((0.5 + 0.4 * Math.sin(i / 90 + phase) + (i % 7) / 70).toFixed(4));
  if (chart.kind === 'heat') {
    const series = Array.from({ length: SIDE }, (_, row) => ({
      id: String(row),
      label: `class ${row}`,
      points: Array.from({ length: SIDE }, (_, column): [string, number] => [
        `class ${column}`,
        (row * 7 + column * 13) % 50,
      ]),
    }));
    return { ...chart, series };
  }
  const length = Math.ceil(POINTS / chart.series.length);
  const endMs = Date.parse(to);
  const x = (i: number) => {
    if (chart.x.kind === 'time') return new Date(endMs - (length - 1 - i) * 60_000).toISOString();
    return chart.x.kind === 'number' ? i / length : `class ${i}`;
  };
  const series = chart.series.map((one, phase) => ({
    id: one.id,
    label: one.label,
    points: Array.from({ length }, (_, i): [string | number, number] => [x(i), wave(i, phase)]),
  }));
  return { ...chart, series };
}

async function serveManyPoints(page: Page, url: string): Promise<void> {
  const answers = new Map<string, string>();
  for (const window of ['1h', '24h', '7d']) {
    const response = await fetch(`${url}/api/visualizations?window=${window}`);
    const body = (await response.json()) as VisualizationsResponse;
    const charts = body.charts.map((chart) => enlarge(chart, body.to));
    answers.set(window, JSON.stringify({ ...body, charts }));
  }
  await page.route('**/api/visualizations*', (route) => {
    const window = new URL(route.request().url()).searchParams.get('window')!;
    return route.fulfill({ contentType: 'application/json', body: answers.get(window)! });
  });
}

/** Waits until no long task has run for half a second. */
async function waitUntilIdle(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      new Promise((resolve) => {
        let timer = setTimeout(resolve, 500, true);
        new PerformanceObserver(() => {
          clearTimeout(timer);
          timer = setTimeout(resolve, 500, true);
        }).observe({ type: 'longtask' });
      }),
  );
}

async function measure(page: Page, act: () => Promise<void>): Promise<Measured> {
  await waitUntilIdle(page);
  await page.evaluate(() => {
    window.reactions = [];
    window.blocks = [];
  });
  await act();
  await waitUntilIdle(page);
  return page.evaluate(() => ({
    reactionMs: Math.max(0, ...window.reactions),
    blockedMs: Math.max(0, ...window.blocks),
  }));
}

function observe(): void {
  window.reactions = [];
  window.blocks = [];
  // TypeScript's DOM types lack `durationThreshold`.
  const everyEvent = { type: 'event', durationThreshold: 16 };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.reactions.push(duration);
  }).observe(everyEvent);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.blocks.push(duration);
  }).observe({ type: 'longtask' });
}

await buildIfStale();
const executablePath = await ensureChromium();
const dataDir = await mkdtemp(path.join(tmpdir(), 'sightline-bench-'));
await seedWeek(dataDir, Date.now());
const server = await startServer({ DATA_DIR: dataDir });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  await page.addInitScript(observe);
  await serveManyPoints(page, server.url);
  await page.goto(`${server.url}/visualizations`);
  await page.getByRole('figure').first().waitFor();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });

  const results: [string, Measured][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of ['24 hours', '7 days', '1 hour']) {
      const choose = async () => {
        const answered = page.waitForResponse('**/api/visualizations*');
        await page.getByRole('radio', { name }).click();
        await (await answered).finished();
      };
      results.push([`window of ${name}`, await measure(page, choose)]);
    }
  }
  for (const toggle of await page.getByRole('button', { name: /^Table: / }).all()) {
    const name = (await toggle.getAttribute('aria-label'))!;
    await toggle.scrollIntoViewIfNeeded();
    results.push([name, await measure(page, () => toggle.click())]);
    results.push([`${name}, back`, await measure(page, () => toggle.click())]);
  }
  for (const [name, { reactionMs, blockedMs }] of results) {
    const holds = Math.max(reactionMs, blockedMs) < LARGEST_MS;
    if (!holds) process.exitCode = 1;
    console.info(
      `${name.padEnd(32)} reacts in ${reactionMs.toFixed(0).padStart(4)} ms, then blocked for at most ` +
        `${blockedMs.toFixed(0).padStart(4)} ms (under ${LARGEST_MS} ms ${holds ? 'holds' : 'MISSED'})`,
    );
  }
} finally {
  await browser.close();
  await server.stop();
  await rm(dataDir, { recursive: true });
}
