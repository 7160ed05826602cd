/** What others are told of the page: by links to it, by search engines, by the installed app. */
import type { Page } from 'playwright/test';
import { readFile } from 'node:fs/promises';
import { ManyPage } from '../harness/pages/many-page';
import { NO_PAGE_PATH, PAGE_PATHS } from '../harness/pages/paths';
import { expect, test } from './support/test';

/** Posts pictures as the share sheet of a phone does: a form, and a page that answers it. */
async function share(page: Page, ...files: string[]): Promise<void> {
  const contents = await Promise.all(files.map((file) => readFile(file, 'base64')));
  await page.evaluate((pictures) => {
    const transfer = new DataTransfer();
    for (const [i, base64] of pictures.entries()) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      transfer.items.add(new File([bytes], `Foto ${i + 1} ä.png`, { type: 'image/png' }));
    }
    const form = document.createElement('form');
    Object.assign(form, { action: '/share', method: 'post', enctype: 'multipart/form-data' });
    const input = document.createElement('input');
    Object.assign(input, { type: 'file', name: 'pictures', multiple: true, files: transfer.files });
    form.append(input);
    document.body.append(form);
    form.submit();
  }, contents);
}

test.describe('the installed app', () => {
  test.use({ serviceWorkers: 'allow' });

  test.beforeEach(async ({ classify, page, server }) => {
    await classify.open(server.url);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  });

  test('answers a photo that the share sheet of a phone gave it, once', async ({
    classify,
    page,
    server,
  }) => {
    await share(page, 'public/samples/espresso.png');
    await expect(page).toHaveURL(`${server.url}/`);
    await classify.expectAnswer('On the server', 'espresso');
    await expect(page.getByText('Foto 1 ä.png')).toBeVisible();
    await page.keyboard.press('Escape');
    await page.reload();
    await expect(classify.dropZone).toBeVisible();
  });

  test('lists several of them', async ({ page, server }) => {
    await share(page, 'public/samples/espresso.png', 'public/samples/cat.png');
    await expect(page).toHaveURL(`${server.url}/many`);
    await new ManyPage(page).expectDone('2 of 2 pictures answered');
  });

  test('says where there are its icons, its shortcuts and what it takes', async ({
    page,
    server,
  }) => {
    const href = await page.locator('link[rel="manifest"]').getAttribute('href');
    const manifest = (await (await page.request.get(server.url + href)).json()) as {
      icons: { src: string; sizes: string }[];
      shortcuts: { url: string }[];
      share_target: unknown;
    };
    expect(manifest.share_target).toEqual({
      action: '/share',
      method: 'POST',
      enctype: 'multipart/form-data',
      params: { files: [{ name: 'pictures', accept: ['image/*'] }] },
    });
    expect(manifest.icons.map(({ sizes }) => sizes)).toEqual(['192x192', '512x512', '512x512']);
    const addresses = [
      ...manifest.icons.map(({ src }) => src),
      ...manifest.shortcuts.map(({ url }) => url),
    ];
    for (const address of addresses) {
      expect([address, (await page.request.get(server.url + address)).status()]).toEqual([
        address,
        200,
      ]);
    }
  });
});

const meta = (page: Page, name: string) =>
  page.locator(`meta[property="${name}"], meta[name="${name}"]`).getAttribute('content');

test('every page has a title of its own and says what the site is to who shares a link', async ({
  page,
  server,
}) => {
  const titles = new Set<string>();
  for (const address of PAGE_PATHS) {
    await page.goto(server.url + address);
    titles.add(await page.title());
    expect(await meta(page, 'og:title')).toBe('What is in your picture?');
    expect(await meta(page, 'twitter:card')).toBe('summary');
    expect(await meta(page, 'description')).toMatch(/^.{40,160}$/);
    const image = await meta(page, 'og:image');
    expect(image).toMatch(new RegExp(`^${server.url}/`));
    const picture = await page.request.get(image!);
    expect(picture.headers()['content-type']).toBe('image/png');
  }
  expect(titles.size).toBe(PAGE_PATHS.length);
  for (const rel of ['icon', 'apple-touch-icon']) {
    const href = await page.locator(`link[rel="${rel}"]`).first().getAttribute('href');
    expect((await page.request.get(server.url + href)).status()).toBe(200);
  }
});

test('search engines may read the pages, and leave the API alone', async ({ page, server }) => {
  const robots = await page.request.get(`${server.url}/robots.txt`);
  const lines = (await robots.text()).split('\n');
  expect(lines).toEqual(expect.arrayContaining(['User-Agent: *', 'Allow: /', 'Disallow: /api/']));
});

test('an address that is no page says so, with status 404 and a way on', async ({
  classify,
  page,
  server,
}) => {
  const response = await page.goto(server.url + NO_PAGE_PATH);
  expect(response!.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no page here');
  await page.getByRole('main').getByRole('link', { name: 'Classify a picture' }).click();
  await expect(classify.dropZone).toBeVisible();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  for (const address of PAGE_PATHS) {
    test(`${address} says that it is needed, and what for`, async ({ page, server }) => {
      await page.goto(server.url + address);
      // Searches for text leave noscript out.
      await expect(page.locator('.no-script')).toBeVisible({ timeout: 5_000 });
      expect(await page.locator('.no-script').innerText()).toMatch(/^Sightline needs JavaScript: /);
      await expect(page.getByRole('navigation').first()).toBeVisible();
    });
  }
});
