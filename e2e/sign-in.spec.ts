/** The form at /sign-in, where ACCESS is `keys`. */
import AxeBuilder from '@axe-core/playwright';
import { keysCommand, makeKey } from '../harness/client';
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
      await expect(
        page.getByRole('alert').filter({ hasText: 'does not know this key' }),
      ).toBeVisible();
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

test('a browser signs out in the settings', async ({ page }) => {
  await page.goto(`${closed.url}/settings`);
  await page.getByLabel('Key').fill(key);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(`${closed.url}/sign-in`);
  await page.goto(`${closed.url}/settings`);
  await expect(page).toHaveURL(/\/sign-in\?to=%2Fsettings$/);
});

test.describe('with a service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('a stored page whose session has ended leads to the form and back', async ({ page }) => {
    const settings = { DATA_DIR: closed.dataDir };
    const mortal = await makeKey(settings, '--name', 'mortal');
    await page.goto(`${closed.url}/models`);
    await page.getByLabel('Key').fill(mortal);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(`${closed.url}/models`);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await keysCommand(settings, 'revoke', mortal.split('_')[1]!);
    const isIn = () => page.evaluate(async () => (await fetch('/api/models')).ok);
    await expect.poll(isIn).toBe(false);

    await page.goto(`${closed.url}/models?model=x#files`);
    await expect(page).toHaveURL(/\/sign-in\?to=%2Fmodels%3Fmodel%3Dx%23files&refused=ended$/);
    await expect(page.getByText('Your session has ended.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Sign out' })).toHaveCount(0);
    await page.getByLabel('Key').fill(key);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(`${closed.url}/models?model=x#files`);
    await expect(page.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible();
  });
});
