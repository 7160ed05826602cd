/** Every page at every width that screens have, filled, and with the longest words that it may have. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright/test';
import { writeModel, SOUND_MODELS } from '../harness/models/folders';
import { makeFiles, ManyPage } from '../harness/pages/many-page';
import { NO_PAGE_PATH, PAGE_PATHS } from '../harness/pages/paths';
import { startServer, type TestServer } from '../harness/server';
import { seedWeek } from '../harness/week';
import { expect, test } from './support/test';

const SHIPPED = 'tiny-imagenet-200';
/** What people call models and classes: long, and without a place to break. */
const LONG_MODEL = `convnextv2_large.fcmae_ft_in22k_in1k_384-${'quantized-'.repeat(6)}2026`;
const LONG_LABEL = `n02123045_${'Katzenartigesraubtier'.repeat(4)}`;
const PICTURE = 'public/samples/espresso.png';

const WIDTHS_PX = Array.from({ length: 41 }, (_, i) => 320 + i * 40);
/** As narrow as the narrowest at 200 %, and where layouts change. */
const LARGE_TEXT_WIDTHS_PX = [640, 720, 960, 1280, 1440, 1720, 1920];

// Recording each of hundreds of sizes takes longer than looking at them.
test.use({ trace: 'off' });

let server: TestServer;
let folder: string;

test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sightline-widths-'));
  const modelsDir = path.join(folder, 'models');
  await cp(`models/${SHIPPED}`, path.join(modelsDir, SHIPPED), { recursive: true });
  const labels = Array.from({ length: 10 }, (_, i) => [String(i), `${LONG_LABEL}${i}`]);
  await writeModel(path.join(modelsDir, LONG_MODEL), {
    ...SOUND_MODELS['vit-squash']!,
    config: { id2label: Object.fromEntries(labels) as Record<string, string> },
  });
  const dataDir = path.join(folder, 'data');
  await seedWeek(dataDir, Date.now());
  server = await startServer({
    MODELS_DIR: modelsDir,
    DEFAULT_MODEL: LONG_MODEL,
    DATA_DIR: dataDir,
  });
});

test.afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

interface TooWide {
  readonly widthPx: number;
  readonly surplusPx: number;
  /** The first element that reaches too far. */
  readonly by: string;
}

/** The widths at which a page scrolls sideways, and what makes it. */
async function findTooWide(page: Page, widthsPx: readonly number[]): Promise<TooWide[]> {
  const found: TooWide[] = [];
  for (const widthPx of widthsPx) {
    await page.setViewportSize({ width: widthPx, height: 800 });
    const { surplusPx, by } = await page.evaluate(measure);
    if (surplusPx > 0) found.push({ widthPx, surplusPx, by });
  }
  return found;
}

/** In the page, once what watches sizes has drawn anew. */
async function measure(): Promise<{ surplusPx: number; by: string }> {
  for (let frame = 0; frame < 2; frame++) {
    await new Promise((resolve) => {
      requestAnimationFrame(resolve);
      // A browser that draws nothing gives no frames, for minutes as was seen once.
      setTimeout(resolve, 500);
    });
  }
  const { scrollWidth } = document.scrollingElement!;
  const surplusPx = scrollWidth - document.documentElement.clientWidth;
  const last = [...document.querySelectorAll('body *')].find(
    (element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5,
  );
  return { surplusPx, by: surplusPx > 0 ? (last?.outerHTML.slice(0, 200) ?? '') : '' };
}

/** As somebody sets it in the browser who needs large text: twice as large, and the window is not. */
async function setTextSize(page: Page, px: number): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  await browser.send('Page.enable');
  await browser.send('Page.setFontSizes', { fontSizes: { standard: px } });
}

async function expectNothingSideways(page: Page): Promise<void> {
  expect(await findTooWide(page, WIDTHS_PX)).toEqual([]);
  await setTextSize(page, 32);
  expect(await findTooWide(page, LARGE_TEXT_WIDTHS_PX)).toEqual([]);
  await setTextSize(page, 16);
}

for (const address of [...PAGE_PATHS, '/offline', '/sign-in', NO_PAGE_PATH]) {
  test(`nothing scrolls sideways on ${address}`, async ({ page }) => {
    await page.goto(server.url + address);
    await page.getByRole('main').waitFor();
    await expectNothingSideways(page);
  });
}

test('nothing scrolls sideways beside an answer of long labels, nor in its history', async ({
  classify,
  page,
}) => {
  await classify.open(server.url);
  await classify.choose('Server');
  await classify.choosePicture(PICTURE);
  await classify.expectAnswer('On the server', LONG_LABEL);
  await classify.expectKept();
  await expectNothingSideways(page);
  await page.goto(`${server.url}/history`);
  await page
    .getByRole('button', { name: /^Details of/ })
    .first()
    .click();
  await expect(page.getByRole('img', { name: /^The picture/ })).toBeVisible();
  await expectNothingSideways(page);
});

test('nothing scrolls sideways in a list of pictures, nor in the grid by label', async ({
  page,
}) => {
  const many = new ManyPage(page);
  await many.open(server.url);
  await many.choose(await makeFiles(9));
  await many.expectDone('7 of 9 pictures answered, 2 failed');
  await page
    .getByRole('button', { name: /^All labels of/ })
    .first()
    .click();
  await expectNothingSideways(page);
  await page.getByRole('radio', { name: 'By label' }).click();
  await expectNothingSideways(page);
});

test('nothing scrolls sideways in charts that are shown as tables', async ({ page }) => {
  await page.goto(`${server.url}/visualizations?window=7d`);
  await page.waitForFunction(() => {
    const figures = [...document.querySelectorAll('figure')];
    return figures.length > 0 && figures.every((one) => one.getAttribute('aria-busy') === 'false');
  });
  for (const button of await page.getByRole('button', { name: /^Table: / }).all()) {
    await button.click();
  }
  await expectNothingSideways(page);
});
