/** Nothing on a page moves by itself while it loads, nor when somebody goes to it from another. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright/test';
import { NO_PAGE_PATH, PAGE_PATHS } from '../harness/pages/paths';
import { startServer, type TestServer } from '../harness/server';
import { seedWeek } from '../harness/week';
import { expect, test } from './support/test';

/** Cumulative layout shift, without unit: https://web.dev/articles/cls. Good is said to be 0.1. */
const MOST = 0.02;
/** Without a request or a change of the page for so long, a page is complete. */
const QUIET_MS = 700;

const SIZES = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
] as const;
/** A click on a link in the header, on a phone in its menu too. */
const LINKED = PAGE_PATHS.filter((address) => address !== '/');
const CHARTS = '/visualizations?window=7d';

interface Shift {
  readonly value: number;
  readonly moved: readonly string[];
}

declare global {
  interface Window {
    layoutShifts: Shift[];
    lastChangeAtMs: number;
  }
}

/** In the page, before anything else in it runs. */
function watchShifts(): void {
  window.layoutShifts = [];
  window.lastChangeAtMs = performance.now();
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { value, sources } = entry as PerformanceEntry & {
        value: number;
        sources: readonly { node?: Node | null; currentRect: DOMRect }[];
      };
      const moved = sources.map(({ node, currentRect: { x, y } }) => {
        const element = node instanceof Element ? node : node?.parentElement;
        return `${element?.outerHTML.slice(0, 90) ?? 'gone'} to ${Math.round(x)}, ${Math.round(y)}`;
      });
      window.layoutShifts.push({ value, moved });
    }
  }).observe({ type: 'layout-shift', buffered: true });
  new MutationObserver(() => {
    window.lastChangeAtMs = performance.now();
  }).observe(document, { childList: true, subtree: true });
}

/** All shifts of the page that stands there, once it has come to rest; the next begins at none. */
async function takeShifts(page: Page): Promise<Shift[]> {
  await page.getByRole('main').waitFor();
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(
    (quietMs) =>
      document.fonts.status === 'loaded' &&
      !document.querySelector('figure[aria-busy="true"]') &&
      performance.now() - window.lastChangeAtMs > quietMs,
    QUIET_MS,
  );
  return page.evaluate(() => window.layoutShifts.splice(0));
}

/** Equal to none, so that a failure says what moved. */
function expectStill(shifts: readonly Shift[]): void {
  const sum = shifts.reduce((all, { value }) => all + value, 0);
  expect(sum < MOST ? [] : [sum, ...shifts]).toEqual([]);
}

test.beforeEach(async ({ page }) => {
  await page.addInitScript(watchShifts);
});

for (const viewport of SIZES) {
  test.describe(`${viewport.width} px wide`, () => {
    test.use({ viewport });

    for (const address of [...PAGE_PATHS, '/offline', '/sign-in', NO_PAGE_PATH]) {
      test(`nothing moves on ${address} while it loads`, async ({ page, server }) => {
        await page.goto(server.url + address);
        expectStill(await takeShifts(page));
      });
    }

    test('nothing moves on the way from page to page', async ({ page, server }) => {
      await page.goto(server.url);
      await takeShifts(page);
      for (const address of LINKED) {
        // Not a click of Playwright's: shifts within half a second of one are forgiven.
        await page.locator(`nav a[href="${address}"]`).first().dispatchEvent('click');
        await page.waitForURL(`**${address}`);
        expectStill(await takeShifts(page));
      }
    });
  });
}

test.describe('after a busy week, with several models', () => {
  let server: TestServer;
  let folder: string;

  test.beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sightline-shifts-'));
    const modelsDir = path.join(folder, 'models');
    for (const name of ['first', 'second']) {
      await cp('models/tiny-imagenet-200', path.join(modelsDir, name), { recursive: true });
    }
    const dataDir = path.join(folder, 'data');
    await seedWeek(dataDir, Date.now());
    server = await startServer({
      MODELS_DIR: modelsDir,
      DEFAULT_MODEL: 'first',
      DATA_DIR: dataDir,
    });
  });
  test.afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  for (const viewport of SIZES) {
    for (const address of ['/', '/models', CHARTS]) {
      test(`nothing moves on ${address}, ${viewport.width} px wide`, async ({ page }) => {
        await page.setViewportSize(viewport);
        await page.goto(server.url + address);
        expectStill(await takeShifts(page));
      });
    }
  }

  test('charts stay where they are when another span is chosen', async ({ page }) => {
    await page.goto(server.url + CHARTS);
    await takeShifts(page);
    await page.getByRole('radio', { name: '24 hours' }).dispatchEvent('click');
    await expect(page).toHaveURL(/window=24h/);
    expectStill(await takeShifts(page));
  });
});
