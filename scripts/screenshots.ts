/** npm run screenshots: the page in each state, theme and width, for the eye and for the README. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Page } from 'playwright';
import sharp from 'sharp';
import { ClassifyPage } from '../e2e/support/classify-page';
import { makeFiles, ManyPage } from '../e2e/support/many-page';
import { startServer } from '../tests/server';
import { buildIfStale } from './build';
import { ensureChromium } from './chromium';

const FOLDER = process.argv[2] ?? path.join('.build', 'screenshots');
const WIDTHS = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

/** Other pages by name and state; they are opened by what reaches the state. */
const PAGES: Record<string, (page: Page, url: string) => Promise<void>> = {
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
    // The skeleton comes after 200 ms and takes 140 to appear.
    await classify.page.waitForFunction(() =>
      document.getAnimations().every(({ playState }) => playState === 'finished'),
    );
  },
  failed: async (classify) => {
    const buffer = Buffer.from('%PDF-1.7\n');
    await classify.choosePicture({ name: 'report.jpg', mimeType: 'image/jpeg', buffer });
    await classify.failure.waitFor();
  },
};

async function save(page: Page, name: string): Promise<void> {
  const png = await page.screenshot({ fullPage: true, animations: 'disabled' });
  await sharp(png)
    .webp({ quality: 85 })
    .toFile(path.join(FOLDER, `${name}.webp`));
}

await buildIfStale();
const executablePath = await ensureChromium();
const server = await startServer();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  await mkdir(FOLDER, { recursive: true });
  for (const [width, viewport] of Object.entries(WIDTHS)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [state, reach] of Object.entries(STATES)) {
        const context = await browser.newContext({ viewport, colorScheme });
        const classify = new ClassifyPage(await context.newPage());
        await classify.open(server.url);
        await reach(classify);
        await save(classify.page, `classify-${state}-${colorScheme}-${width}`);
        await context.close();
      }
      for (const [name, reach] of Object.entries(PAGES)) {
        const context = await browser.newContext({ viewport, colorScheme });
        const page = await context.newPage();
        await reach(page, server.url);
        await save(page, `${name}-${colorScheme}-${width}`);
        await context.close();
      }
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
