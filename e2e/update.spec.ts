import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator, Page } from 'playwright/test';
import { startServer, type TestServer } from '../harness/server';
import { expect, test as base } from './support/test';

/** A server of this test's own, whose service worker can get a new version. */
interface Deployment {
  readonly server: TestServer;
  /** Restarts it on the same port, with a new version of the service worker. */
  readonly redeploy: () => Promise<void>;
}

const test = base.extend<{ deployment: Deployment }>({
  deployment: async ({}, use) => {
    const standalone = await mkdtemp(path.join(tmpdir(), 'sightline-update-'));
    await cp('.next/standalone', standalone, { recursive: true });
    let server = await startServer({}, { standalone });
    await use({
      get server() {
        return server;
      },
      redeploy: async () => {
        await server.stop();
        await appendFile(path.join(standalone, 'public/sw.js'), '\n// Another version.\n');
        const port = Number(new URL(server.url).port);
        server = await startServer({}, { standalone, port });
      },
    });
    await server.stop();
    await rm(standalone, { recursive: true });
  },
});

test.use({ serviceWorkers: 'allow' });

/** Requests that a busy page always waits for. */
const IN_FLIGHT = 20;

const notice = (page: Page) => page.getByText('A new version of Sightline is ready.');
const loadIt = (page: Page) => page.getByRole('button', { name: 'Load it' });

/** Until the page is controlled by its service worker. */
async function waitForWorker(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** So that a page that was loaded anew can be told from this one. */
async function mark(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(window, { isOldPage: true }));
}

/** @param started what only a page whose scripts run shows; without an answer, the drop zone */
async function expectNewPage(
  page: Page,
  started: Locator = page.getByRole('button', { name: 'Drop a picture' }),
): Promise<void> {
  await page.waitForFunction(() => !('isOldPage' in window));
  await expect(started).toBeVisible();
  const isWaiting = () =>
    page.evaluate(async () => (await navigator.serviceWorker.ready).waiting !== null);
  // A reload that came before the old version had ended is followed by another.
  await expect(async () => expect(await isWaiting()).toBe(false)).toPass();
  await expect(notice(page)).toBeHidden();
}

test('a new version is announced, and taken only when it is asked for', async ({
  classify,
  deployment,
  page,
}) => {
  await classify.open(deployment.server.url);
  await waitForWorker(page);
  await deployment.redeploy();
  await page.reload();
  await expect(notice(page)).toBeVisible();
  await mark(page);
  await classify.pickSample('espresso');
  await classify.expectAnswer('On the server', 'espresso');
  await classify.expectKept();

  await loadIt(page).click();
  await expectNewPage(page, page.getByRole('button', { name: 'Choose another' }));
  await classify.expectAnswer('On the server', 'espresso');
});

test('a new version is taken while the old one is busy with requests of the page', async ({
  classify,
  deployment,
  page,
}) => {
  await classify.open(deployment.server.url);
  await waitForWorker(page);
  await deployment.redeploy();
  await page.reload();
  await expect(notice(page)).toBeVisible();
  await mark(page);

  await page.evaluate((inFlight) => {
    const askAgain = (): Promise<void> =>
      fetch('/samples/cat.png')
        .catch(() => undefined)
        .then(askAgain);
    for (let i = 0; i < inFlight; i++) void askAgain();
  }, IN_FLIGHT);
  await loadIt(page).click();
  await expectNewPage(page);
});

test('a version found while pages are open is announced in each and loaded one by one', async ({
  context,
  deployment,
}) => {
  const pages = [await context.newPage(), await context.newPage()] as const;
  for (const page of pages) {
    await page.goto(deployment.server.url);
    await waitForWorker(page);
    await mark(page);
  }
  await deployment.redeploy();
  await pages[0].evaluate(async () => (await navigator.serviceWorker.ready).update());
  for (const page of pages) await expect(notice(page)).toBeVisible();

  await loadIt(pages[0]).click();
  await expectNewPage(pages[0]);
  expect(await pages[1].evaluate(() => 'isOldPage' in window)).toBe(true);
  await loadIt(pages[1]).click();
  await expectNewPage(pages[1]);
});
