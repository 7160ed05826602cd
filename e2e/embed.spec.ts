/** The custom element on a page of another origin. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { startForeignSite, type ForeignSite } from '../harness/foreign-page';
import { startServer, type TestServer } from '../harness/server';
import { expect, test } from './support/test';

let site: ForeignSite;
let sightline: TestServer;

test.beforeAll(async () => {
  site = await startForeignSite();
});

test.afterAll(() => site.close());

test.beforeEach(async () => {
  sightline = await startServer({ CORS_ORIGINS: site.url });
});

test.afterEach(() => sightline.stop());

async function open(browserPage: Page, attributes = ''): Promise<void> {
  const query = new URLSearchParams({ server: sightline.url, attributes });
  await browserPage.goto(`${site.url}/?${query}`);
  await expect(browserPage.getByRole('button', { name: 'Choose a picture' })).toBeVisible();
}

async function choose(browserPage: Page, file: string): Promise<void> {
  const chooser = browserPage.waitForEvent('filechooser');
  await browserPage.getByRole('button', { name: 'Choose a picture' }).click();
  await (await chooser).setFiles(file);
}

const ESPRESSO = 'public/samples/espresso.png';

test('the server answers, and axe finds nothing', async ({ page: browserPage }) => {
  await open(browserPage, 'top-k="3"');
  const before = await new AxeBuilder({ page: browserPage }).analyze();
  await choose(browserPage, ESPRESSO);
  await expect(browserPage.getByRole('status')).toHaveText(/^Answered by the server in/);
  await expect(browserPage.getByRole('listitem')).toHaveCount(3);
  await expect(browserPage.getByRole('listitem').first()).toContainText('espresso');
  const after = await new AxeBuilder({ page: browserPage }).analyze();
  expect([...before.violations, ...after.violations].map(({ id }) => id)).toEqual([]);
});

test('the device answers when the server was killed, and says why', async ({
  page: browserPage,
}) => {
  await open(browserPage);
  expect(await browserPage.evaluate(() => crossOriginIsolated)).toBe(false);
  await browserPage.evaluate(async () => {
    const element = document.querySelector('sightline-classifier') as unknown as {
      prepareDevice: () => Promise<void>;
    };
    await element.prepareDevice();
  });
  await sightline.kill();
  await choose(browserPage, ESPRESSO);
  const status = browserPage.getByRole('status');
  await expect(status).toHaveText(/^Answered on this device in .*cannot be reached/);
  await expect(browserPage.getByRole('listitem').first()).toContainText('espresso');
  const { violations } = await new AxeBuilder({ page: browserPage }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test('what the server says of a picture is shown, and told to the page', async ({
  page: browserPage,
}) => {
  await open(browserPage);
  const told = browserPage.evaluate(
    () =>
      new Promise<string>((resolve) => {
        document.addEventListener(
          'sightline-error',
          (event) => resolve((event as CustomEvent<Error>).detail.name),
          { once: true },
        );
      }),
  );
  await choose(browserPage, 'package.json');
  await expect(browserPage.getByRole('status')).toHaveClass('error');
  expect(await told).toBe('ServerError');
});

test('a picture is taken from the clipboard', async ({ page: browserPage }) => {
  await open(browserPage, 'choice="server"');
  await browserPage.evaluate(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 64;
    canvas.getContext('2d')!.fillRect(0, 0, 64, 64);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([blob!], 'pasted.png', { type: 'image/png' }));
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  });
  await expect(browserPage.getByRole('status')).toHaveText(/^Answered by the server/);
});

test('the camera is a second way in', async ({ page: browserPage, context }) => {
  await context.grantPermissions(['camera'], { origin: site.url });
  await open(browserPage);
  await browserPage.getByRole('button', { name: 'Camera' }).click();
  await browserPage.getByRole('button', { name: 'Take the picture' }).click();
  await expect(browserPage.getByRole('status')).toHaveText(/^Answered by the server/);
});

test('the page sets colours by variables, and styles parts', async ({ page: browserPage }) => {
  await open(browserPage);
  await browserPage.addStyleTag({
    content:
      'sightline-classifier { --sightline-accent: rgb(1, 2, 3) } sightline-classifier::part(drop) { border-style: solid }',
  });
  const button = browserPage.getByRole('button', { name: 'Choose a picture' });
  await expect(button).toHaveCSS('background-color', 'rgb(1, 2, 3)');
  const drop = browserPage.getByRole('group', { name: 'Picture' });
  await expect(drop).toHaveCSS('border-top-style', 'solid');
});
