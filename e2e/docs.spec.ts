/** The page of the API, whose viewer writes the address too. */
import type { Page } from 'playwright/test';
import { expect, test } from './support/test';

/** Holds the answers to some addresses back until it is called. */
async function hold(page: Page, addresses: string): Promise<() => void> {
  let letGo!: () => void;
  const released = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(addresses, async (route) => {
    await released;
    await route.continue();
  });
  return letGo;
}

const goTo = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();

test('a link that was followed arrives, even if the viewer comes first', async ({
  page,
  server,
}) => {
  const letDescriptionGo = await hold(page, '**/api/openapi.json');
  const letSettingsGo = await hold(page, '**/settings?_rsc=*');
  await page.goto(server.url);
  await goTo(page, 'API');
  await expect(page.locator('openapi-explorer')).toBeAttached();

  const asked = page.waitForRequest('**/settings?_rsc=*');
  await goTo(page, 'Settings');
  await asked;
  letDescriptionGo();
  await page.waitForURL(/\/docs#.*route=overview/);
  letSettingsGo();
  await expect(page).toHaveURL(`${server.url}/settings`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Settings');
});

test('the way back from the viewer is one step', async ({ page, server }) => {
  await page.goto(`${server.url}/settings`);
  await goTo(page, 'API');
  await page.waitForURL(/\/docs#.*route=overview/);
  await page.goBack();
  await expect(page).toHaveURL(`${server.url}/settings`);
});

test('the way back goes over what was read in the viewer', async ({ page, server }) => {
  await page.goto(`${server.url}/docs`);
  await page.waitForURL(/route=overview/);
  await page.getByText('Classify one picture').first().click();
  await page.waitForURL(/route=post/);
  await page.goBack();
  await expect(page).toHaveURL(/route=overview/);
  await page.reload();
  await expect(page.getByText('Classify one picture').first()).toBeVisible();
});
