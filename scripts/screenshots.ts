/**
 * npm run screenshots: takes pictures of the pages in each state, theme and width, for review and
 * for the README.
 */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright';
import sharp from 'sharp';
import { ClassifyPage } from '../harness/pages/classify-page';
import { makeFiles, ManyPage } from '../harness/pages/many-page';
import { startServer } from '../harness/server';
import { seedWeek } from '../harness/week';
import { buildIfStale } from './build';
import { ensureChromium } from './chromium';

const FOLDER = process.argv[2] ?? path.join('.build', 'screenshots');
/** Pattern for the names of pages and states to take; default: all. */
const ONLY = new RegExp(process.argv[3] ?? '');
const WIDTHS = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

/** Other pages by name and state. Each function opens the page and brings it into the state. */
const PAGES: Record<string, (page: Page, url: string) => Promise<void>> = {
  settings: async (page, url) => {
    await page.goto(`${url}/settings`);
    await page
      .getByText(/^\d+\.\d MB$/)
      .first()
      .waitFor();
  },
  'api-docs': async (page, url) => {
    await page.goto(`${url}/docs`);
    await page.getByText('Classify one picture').first().waitFor();
  },
  'many-empty': (page, url) => new ManyPage(page).open(url),
  'many-working': async (page, url) => {
    const many = new ManyPage(page);
    await many.open(url);
    let batches = 0;
    await page.route('**/api/predict/batch', (route) =>
      ++batches === 1 ? route.continue() : new Promise<void>(() => undefined),
    );
    await many.choose(await makeFiles(70));
    await page.getByText(/^2\d of 70 pictures answered/).waitFor();
  },
  'many-full': async (page, url) => {
    const many = new ManyPage(page);
    await many.open(url);
    await many.choose(await makeFiles(40));
    await many.expectDone('34 of 40 pictures answered, 6 failed');
    await page.getByRole('button', { name: 'All labels of picture-0002.jpg' }).click();
  },
  'many-failed': async (page, url) => {
    const many = new ManyPage(page);
    await many.open(url);
    await many.choose(await makeFiles(40));
    await many.expectDone('34 of 40 pictures answered, 6 failed');
    await page.getByRole('radio', { name: 'Failed' }).click();
  },
  'history-empty': async (page, url) => {
    await page.goto(`${url}/history`);
    await page.getByText('Each answer you get appears here').waitFor();
  },
  'history-full': async (page, url) => {
    const classify = new ClassifyPage(page);
    await classify.open(url);
    for (const sample of ['cat', 'rocket', 'espresso'] as const) {
      await classify.pickSample(sample);
      await classify.ranking.first().waitFor();
    }
    await classify.expectModelOnDevice();
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByRole('button', { name: 'Details of espresso.png' }).click();
    await page.getByRole('button', { name: 'Run again on this device' }).click();
    await page.getByText('You had it classified again').waitFor();
  },
};

const STATES: Record<string, (classify: ClassifyPage) => Promise<void>> = {
  empty: () => Promise.resolve(),
  server: async (classify) => {
    await classify.pickSample('espresso');
    await classify.expectModelOnDevice();
  },
  device: async (classify) => {
    await classify.choose('This device');
    await classify.pickSample('cat');
    await classify.expectAnswer('On this device', /tabby|Egyptian cat/);
  },
  loading: async (classify) => {
    await classify.page.route('**/api/predict*', () => new Promise<void>(() => undefined));
    await classify.pickSample('rocket');
    // The skeleton appears after 200 ms, with an animation of 140 ms.
    await classify.page.waitForFunction(() =>
      document.getAnimations().every(({ playState }) => playState === 'finished'),
    );
  },
  live: async (classify) => {
    await classify.page.getByRole('button', { name: 'Live camera' }).click();
    await classify.ranking.nth(4).waitFor();
  },
  'no-camera': async (classify) => {
    await classify.page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException('', 'NotAllowedError'));
    });
    await classify.page.getByRole('button', { name: 'Live camera' }).click();
    await classify.failure.waitFor();
  },
  json: async (classify) => {
    await classify.pickSample('espresso');
    await classify.expectModelOnDevice();
    await classify.page.getByRole('button', { name: 'JSON' }).click();
    await classify.page.getByRole('dialog').waitFor();
  },
  failed: async (classify) => {
    const buffer = Buffer.from('%PDF-1.7\n');
    await classify.choosePicture({ name: 'report.jpg', mimeType: 'image/jpeg', buffer });
    await classify.failure.waitFor();
  },
};

/** Pages with data from the server. Each function waits until the data is shown. */
const FILLED_PAGES: Record<string, (page: Page, url: string) => Promise<void>> = {
  visualizations: async (page, url) => {
    await page.goto(`${url}/visualizations?window=7d`);
    await page.getByRole('figure').first().waitFor();
    await page.waitForFunction(() => !document.querySelector('figure[aria-busy="true"]'));
  },
  models: async (page, url) => {
    await page.goto(`${url}/models`);
    await page.getByRole('article').first().waitFor();
  },
};

/** Data for the charts: a new installation, a short trial, and one in use. */
const FILLS: Record<string, (dataDir: string, url: () => string) => Promise<void>> = {
  empty: () => Promise.resolve(),
  one: async (_dataDir, url) => {
    const body = await readFile('public/samples/espresso.png');
    const headers = { 'Content-Type': 'application/octet-stream' };
    await fetch(`${url()}/api/predict`, { method: 'POST', headers, body });
  },
  week: (dataDir) => seedWeek(dataDir, Date.now()),
};

function wanted<Reach>(states: Record<string, Reach>): [string, Reach][] {
  return Object.entries(states).filter(([name]) => ONLY.test(name));
}

async function save(page: Page, name: string): Promise<void> {
  const png = await page.screenshot({ fullPage: true, animations: 'disabled' });
  await sharp(png)
    .webp({ quality: 85 })
    .toFile(path.join(FOLDER, `${name}.webp`));
}

async function savePages(browser: Browser): Promise<void> {
  for (const [fill, work] of Object.entries(FILLS)) {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'sightline-screenshots-'));
    // The week's data is written before the server opens the store.
    if (fill === 'week') await work(dataDir, () => '');
    const server = await startServer({ DATA_DIR: dataDir });
    if (fill !== 'week') await work(dataDir, () => server.url);
    for (const [width, viewport] of Object.entries(WIDTHS)) {
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const [name, reach] of wanted(FILLED_PAGES)) {
          const context = await browser.newContext({ viewport, colorScheme });
          const page = await context.newPage();
          await reach(page, server.url);
          await save(page, `${name}-${fill}-${colorScheme}-${width}`);
          await context.close();
        }
      }
    }
    await server.stop();
    await rm(dataDir, { recursive: true });
  }
}

await buildIfStale();
const executablePath = await ensureChromium();
const server = await startServer();
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
});
try {
  await mkdir(FOLDER, { recursive: true });
  for (const [width, viewport] of Object.entries(WIDTHS)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [state, reach] of wanted(STATES)) {
        const permissions = ['camera'];
        const context = await browser.newContext({ viewport, colorScheme, permissions });
        const classify = new ClassifyPage(await context.newPage());
        await classify.open(server.url);
        await reach(classify);
        await save(classify.page, `classify-${state}-${colorScheme}-${width}`);
        await context.close();
      }
      for (const [name, reach] of wanted(PAGES)) {
        const context = await browser.newContext({ viewport, colorScheme });
        const page = await context.newPage();
        await reach(page, server.url);
        await save(page, `${name}-${colorScheme}-${width}`);
        await context.close();
      }
    }
  }
  await savePages(browser);
} finally {
  await browser.close();
  await server.stop();
}
