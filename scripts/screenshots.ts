/** npm run screenshots: the page in each state, theme and width, for the eye and for the README. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Page } from 'playwright';
import sharp from 'sharp';
import { ClassifyPage } from '../e2e/support/classify-page';
import { startServer } from '../tests/server';
import { buildIfStale } from './build';
import { ensureChromium } from './chromium';

const FOLDER = process.argv[2] ?? path.join('.build', 'screenshots');
const WIDTHS = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

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
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
