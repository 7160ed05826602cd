import AxeBuilder from '@axe-core/playwright';
import { makeFiles, ManyPage } from './support/many-page';
import { expect, test } from './support/test';

const PAGES = [
  '/',
  '/many',
  '/history',
  '/visualizations',
  '/models',
  '/load-tests',
  '/docs',
  '/settings',
  '/there-is-no-such-page',
];
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

for (const width of [320, 390, 768, 1440]) {
  test(`nothing scrolls sideways at ${width} px`, async ({ page, server }) => {
    await page.setViewportSize({ width, height: 800 });
    for (const path of [
      '/',
      '/many',
      '/history',
      '/visualizations',
      '/models',
      '/load-tests',
      '/settings',
    ]) {
      await page.goto(server.url + path);
      const surplus = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect([path, surplus]).toEqual([path, 0]);
    }
  });
}

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
