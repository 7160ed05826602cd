import type { Page } from 'playwright/test';
import { ManyPage } from '../harness/pages/many-page';
import { expect, test } from './support/test';

test.use({ serviceWorkers: 'allow' });

test('after one visit the page answers without a server, through a reload', async ({
  classify,
  ownServer,
  context,
  page,
}) => {
  await classify.open(ownServer.url);
  await classify.pickSample('cat');
  await classify.expectModelOnDevice();
  await classify.expectKept();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));

  await ownServer.kill();
  await context.setOffline(true);
  await page.reload();
  await classify.expectAnswer('On the server', /tabby|Egyptian cat/);
  const catKey = await classify.keptKey();
  // With a reload Chromium forgets that it plays being offline: navigator.onLine is true again.
  await context.setOffline(false);
  await context.setOffline(true);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await classify.choosePicture('public/samples/espresso.png');
  await classify.expectAnswer('On this device', 'espresso');
  await expect(classify.answer).toContainText('This page is offline.');
  await classify.expectKept(catKey);

  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByText('The server does not say which models it has.')).toBeVisible();

  await page.getByRole('link', { name: 'Classify', exact: true }).click();
  await classify.expectAnswer('On this device', 'espresso');
  await classify.drop('public/samples/cat.png', 'public/samples/espresso.png');
  await new ManyPage(page).expectDone('2 of 2 pictures answered');
});

test('an address that is not kept says so in our words, with a way on', async ({
  classify,
  context,
  ownServer,
  page,
}) => {
  await classify.open(ownServer.url);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await ownServer.kill();
  await context.setOffline(true);
  await page.goto(`${ownServer.url}/there-is-no-such-page`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This page needs a connection');
  await page.getByRole('main').getByRole('link', { name: 'Classify a picture' }).click();
  await expect(classify.dropZone).toBeVisible();
});

test('charts of before and the description of the API are there without a server', async ({
  context,
  ownServer,
  page,
}) => {
  await page.goto(`${ownServer.url}/visualizations`);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  // The first visit is not seen by the service worker.
  for (const path of ['/visualizations', '/docs']) {
    await page.goto(ownServer.url + path);
    await page.getByRole('main').waitFor();
    await expect(page.locator('figure[aria-busy="false"], openapi-explorer').first()).toBeVisible();
  }
  await ownServer.kill();
  await context.setOffline(true);
  await page.goto(`${ownServer.url}/visualizations`);
  await expect(page.locator('figure[aria-busy="false"]').first()).toBeVisible();
  await expect(page.getByText(/^updated /)).toBeVisible();
  await page.goto(`${ownServer.url}/docs`);
  await expect(page.getByText('Classify one picture').first()).toBeVisible();
});

test('what could not be reported is sent once, when the network is back', async ({
  classify,
  ownServer,
  context,
  page,
}) => {
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/api/predictions/report')) sent.push(request.postData() ?? '');
  });
  await classify.open(ownServer.url);
  await classify.pickSample('cat');
  await classify.expectModelOnDevice();
  await context.setOffline(true);
  for (const sample of ['espresso.png', 'rocket.jpg']) {
    await classify.choosePicture(`public/samples/${sample}`);
    await classify.expectAnswer('On this device', sample === 'espresso.png' ? 'espresso' : /./);
  }
  await expect.poll(() => waitingReports(page)).toBe(2);

  await context.setOffline(false);
  await expect.poll(() => waitingReports(page)).toBe(0);
  const sentBefore = sent.length;
  await page.reload();
  await expect(page.getByRole('region', { name: 'The last hour' })).toContainText('Requests');
  const { totals } = (await (await page.request.get(`${ownServer.url}/api/statistics`)).json()) as {
    totals: { bySource: { browser: number } };
  };
  expect(totals.bySource.browser).toBe(2);
  expect(sent).toHaveLength(sentBefore);
});

/** How many reports wait in the page's own queue. */
function waitingReports(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('sightline-reports');
        opening.onerror = () => reject(new Error('The queue does not open.'));
        opening.onsuccess = () => {
          const count = opening.result.transaction('reports').objectStore('reports').count();
          count.onsuccess = () => {
            opening.result.close();
            resolve(count.result);
          };
        };
      }),
  );
}
