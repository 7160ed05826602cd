import type { Page } from 'playwright/test';
import type { VisualizationsResponse } from '../lib/shared/contract/statistics';
import { makeFiles, ManyPage } from '../harness/pages/many-page';
import { expect, test } from './support/test';

const rows = (page: Page) => page.getByRole('list', { name: 'Answers' }).getByRole('listitem');

/** How many answers visitors called right, and wrong. */
async function feedbackCounts(page: Page, url: string): Promise<[unknown, unknown][]> {
  const response = await page.request.get(`${url}/api/visualizations`);
  const { charts } = (await response.json()) as VisualizationsResponse;
  return charts.find(({ id }) => id === 'feedback')!.series[0]!.points;
}

test('an answer is kept, found, opened, run again on the other runtime, and deleted', async ({
  classify,
  page,
  server,
}) => {
  await classify.open(server.url);
  await classify.pickSample('cat');
  await classify.expectAnswer('On the server', /tabby|Egyptian cat/);
  await classify.pickSample('espresso');
  await classify.expectModelOnDevice();
  await page.getByRole('link', { name: 'History' }).click();
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).first()).toContainText('espresso.png');
  await expect(rows(page).first().locator('img')).toHaveJSProperty('naturalWidth', 160);

  await page.getByRole('searchbox').fill('cat');
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByText('1 of 2 answers')).toBeVisible();
  await page.getByRole('searchbox').fill('');

  await page.getByRole('button', { name: 'Details of espresso.png' }).click();
  const opened = rows(page).first();
  await expect(opened.getByRole('img', { name: 'The picture espresso.png' })).toBeVisible();
  await opened.getByRole('button', { name: 'Run again on this device' }).click();
  await expect(opened).toContainText('You had it classified again, to compare.');
  await expect(opened.getByRole('list')).toHaveCount(2);

  await opened.getByRole('button', { name: 'Delete espresso.png' }).click();
  await expect(page.getByText('1 answer', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Delete all' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete all' }).click();
  await expect(page.getByText('Each answer you get appears here')).toBeVisible();
  await page.reload();
  await expect(page.getByText('Each answer you get appears here')).toBeVisible();
});

test('what many pictures were answered is kept, too', async ({ page, server }) => {
  const many = new ManyPage(page);
  await many.open(server.url);
  await many.choose(await makeFiles(4));
  await many.expectDone('4 of 4 pictures answered');
  // As a visitor goes there: the page's scripts go on and keep what is still to be kept.
  await page.getByRole('link', { name: 'Classify' }).click();
  await page.getByRole('link', { name: 'History' }).click();
  await expect(rows(page)).toHaveCount(4);
});

test('keeps no history if the visitor switched it off', async ({ classify, page, server }) => {
  await page.goto(`${server.url}/settings`);
  await page.getByRole('radio', { name: 'Keep no history' }).click();
  await classify.open(server.url);
  await classify.pickSample('espresso');
  await classify.expectModelOnDevice();
  await page.goto(`${server.url}/history`);
  await expect(page.getByText('You chose to keep no history.')).toBeVisible();
});

test.describe('without a network', () => {
  test.use({ serviceWorkers: 'allow' });

  test('the history is there, and a mark is counted once when the network is back', async ({
    classify,
    context,
    ownServer,
    page,
  }) => {
    await classify.open(ownServer.url);
    await classify.pickSample('espresso');
    await classify.expectModelOnDevice();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));

    await context.setOffline(true);
    await page.goto(`${ownServer.url}/history`);
    await expect(rows(page)).toHaveCount(1);
    await page.getByRole('button', { name: 'Details of espresso.png' }).click();
    await page.getByRole('button', { name: 'Wrong' }).click();
    await page.getByRole('button', { name: 'Right' }).click();
    await expect(page.getByText('Kept here until the server can be told.')).toBeVisible();
    await page.reload();
    await expect(rows(page).first()).toContainText('espresso');

    await context.setOffline(false);
    await page.getByRole('button', { name: 'Details of espresso.png' }).click();
    await expect(page.getByText('The server has counted it.')).toBeVisible();
    await page.reload();
    await page.getByRole('button', { name: 'Details of espresso.png' }).click();
    await expect(page.getByRole('button', { name: 'Wrong' })).toBeDisabled();
    expect(await feedbackCounts(page, ownServer.url)).toEqual([
      ['right', 1],
      ['wrong', 0],
    ]);
  });

  test('many pictures are answered here', async ({ classify, context, ownServer, page }) => {
    await classify.open(ownServer.url);
    await classify.pickSample('cat');
    await classify.expectModelOnDevice();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await context.setOffline(true);
    const many = new ManyPage(page);
    await many.open(ownServer.url);
    await many.choose(await makeFiles(3));
    await many.expectDone('3 of 3 pictures answered');
    await expect(many.rows.first()).toContainText('On this device');
  });
});
