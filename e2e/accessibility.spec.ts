import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { makeFiles, ManyPage } from '../harness/pages/many-page';
import { NO_PAGE_PATH, PAGE_PATHS } from '../harness/pages/paths';
import { expect, test } from './support/test';

const PAGES = [...PAGE_PATHS, NO_PAGE_PATH];
const WIDTHS = [390, 1440];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of WIDTHS) {
    test.describe(`in ${colorScheme}, ${width} px wide`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } });

      for (const path of PAGES) {
        test(`axe finds nothing on ${path}`, async ({ page, server }) => {
          await page.goto(server.url + path);
          await page.getByRole('heading', { level: 1 }).first().waitFor();
          // That of the API comes with its viewer.
          await page.getByRole('main').waitFor();
          const { violations } = await new AxeBuilder({ page }).analyze();
          expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual(
            [],
          );
        });
      }

      test('axe finds nothing in an answer, nor in its dialog', async ({
        classify,
        page,
        server,
      }) => {
        await classify.open(server.url);
        await classify.pickSample('espresso');
        await classify.expectModelOnDevice();
        const answered = await new AxeBuilder({ page }).analyze();
        await page.getByRole('button', { name: 'JSON' }).click();
        await expect(page.getByRole('dialog')).toContainText('"predictions"');
        const inDialog = await new AxeBuilder({ page }).analyze();
        expect([...answered.violations, ...inDialog.violations].map(({ id }) => id)).toEqual([]);
      });

      test('axe finds nothing in many pictures, nor in their history', async ({ page, server }) => {
        const many = new ManyPage(page);
        await many.open(server.url);
        await many.choose(await makeFiles(9));
        await many.expectDone('7 of 9 pictures answered, 2 failed');
        await page
          .getByRole('button', { name: /^All labels of/ })
          .first()
          .click();
        const inList = await new AxeBuilder({ page }).analyze();
        await page.getByRole('link', { name: 'Classify' }).click();
        await page.getByRole('link', { name: 'History' }).click();
        await page
          .getByRole('button', { name: /^Details of/ })
          .first()
          .click();
        await expect(page.getByRole('img', { name: /^The picture/ })).toBeVisible();
        const inHistory = await new AxeBuilder({ page }).analyze();
        await page.getByRole('button', { name: 'Delete all' }).click();
        await expect(page.getByRole('alertdialog')).toBeVisible();
        const inDialog = await new AxeBuilder({ page }).analyze();
        const violations = [inList, inHistory, inDialog].flatMap((found) => found.violations);
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      });
    });
  }
}

/** Those that have the colour of what they stand on, as where the system takes backgrounds away. */
async function invisibleIn(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).evaluateAll((elements) => {
    const page = document.createElement('div');
    page.style.background = 'Canvas';
    document.body.append(page);
    const colourOf = (element: Element) => getComputedStyle(element).backgroundColor;
    const canvas = colourOf(page);
    page.remove();
    const isClear = (colour: string) => colour === 'rgba(0, 0, 0, 0)';
    const below = (element: Element): string => {
      const { parentElement } = element;
      if (!parentElement) return canvas;
      return isClear(colourOf(parentElement)) ? below(parentElement) : colourOf(parentElement);
    };
    return elements
      .filter((one) => isClear(colourOf(one)) || colourOf(one) === below(one))
      .map((one) => one.outerHTML);
  });
}

test.describe('in forced colours', () => {
  test.use({ contextOptions: { forcedColors: 'active' } });

  for (const path of PAGES) {
    test(`axe finds nothing on ${path}`, async ({ page, server }) => {
      await page.goto(server.url + path);
      await page.getByRole('main').waitFor();
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      }
    });
  }

  test('bars, what is chosen and what is pressed can be seen', async ({
    classify,
    page,
    server,
  }) => {
    await classify.open(server.url);
    await classify.pickSample('espresso');
    await classify.expectModelOnDevice();
    expect(await invisibleIn(page, '[class*="ranking"] [class*="bar"]')).toEqual([]);
    expect(await invisibleIn(page, '[role="radio"][aria-checked="true"]')).toEqual([]);

    const many = new ManyPage(page);
    await many.open(server.url);
    await many.choose(await makeFiles(9));
    await many.expectDone('7 of 9 pictures answered, 2 failed');
    const histogram = page.locator('[class*="histogram"] button');
    await histogram.first().click();
    for (const bar of [
      '[role="progressbar"] > span:not([style="width: 0%;"])',
      '[class*="answer"] [class*="track"] > span',
      '[class*="histogram"] [class*="track"] > span',
      '[aria-pressed="true"]',
    ]) {
      expect(await page.locator(bar).count()).toBeGreaterThan(0);
      expect(await invisibleIn(page, bar)).toEqual([]);
    }
    expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);

    await page.goto(`${server.url}/visualizations`);
    await page.getByRole('button', { name: 'Period before' }).click();
    expect(await invisibleIn(page, '[aria-pressed="true"]')).toEqual([]);
  });
});

test('on a phone the camera and what to try are on the first screen', async ({ page, server }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(server.url);
  await expect(page.getByRole('heading', { level: 1 })).toBeInViewport();
  await expect(page.getByText('times in 100')).toBeInViewport();
  await expect(page.getByRole('button', { name: 'Live camera' })).toBeInViewport();
  for (const name of ['cat', 'rocket']) {
    const sample = page.getByRole('button', { name: `Classify the sample ${name}` });
    await expect(sample).toBeInViewport({ ratio: 1 });
  }
});

test('behind “More” are the other pages, closed by Escape and by a choice', async ({
  page,
  server,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(server.url);
  const more = page.getByRole('button', { name: 'More' });
  await more.click();
  await expect(page.getByRole('link', { name: 'Models' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('link', { name: 'Models' })).toBeHidden();
  await expect(more).toBeFocused();
  await more.click();
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Models' })).toBeHidden();
});

test('the first task by keyboard alone: past the header, a picture, the answer announced', async ({
  classify,
  page,
  server,
}) => {
  await classify.open(server.url);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(classify.dropZone).toBeFocused();
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Enter');
  await (await chooser).setFiles('public/samples/espresso.png');
  await expect(classify.announcement).toHaveText(
    /^espresso, \d+ percent, on the server, \d+ milliseconds$/,
  );
});
