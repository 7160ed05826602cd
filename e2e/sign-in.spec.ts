/** The form at /sign-in, where ACCESS is `keys`. */
import AxeBuilder from '@axe-core/playwright';
import { makeKey } from '../harness/client';
import { startServer, type TestServer } from '../harness/server';
import { expect, test } from './support/test';

let closed: TestServer;
let key: string;

test.beforeAll(async () => {
  closed = await startServer({ ACCESS: 'keys' });
  key = await makeKey({ DATA_DIR: closed.dataDir }, '--name', 'visitor');
});

test.afterAll(() => closed.stop());

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test('the form is reached, says what is wrong, and leads on, by keyboard', async ({ page }) => {
      await page.goto(`${closed.url}/settings`);
      await expect(page).toHaveURL(/\/sign-in\?to=%2Fsettings$/);
      const field = page.getByLabel('Key');
      await expect(field).toBeFocused();
      await page.keyboard.type('sl_wrong');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('alert').filter({ hasText: 'not known here' })).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);

      await page.keyboard.type(key);
      await page.keyboard.press('Enter');
      await expect(page).toHaveURL(`${closed.url}/settings`);
      await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
      expect(await page.evaluate(() => document.cookie)).toBe('');
    });
  });
}

test('who is signed in gets answers, and none after signing out', async ({ page }) => {
  await page.goto(closed.url);
  await page.getByLabel('Key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(`${closed.url}/`);
  const status = () => page.evaluate(async () => (await fetch('/api/models')).status);
  expect(await status()).toBe(200);
  await page.goto(`${closed.url}/sign-in`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByLabel('Key')).toBeVisible();
  expect(await status()).toBe(401);
});
