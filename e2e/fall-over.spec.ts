import type { Page } from 'playwright/test';
import { startServer } from '../harness/server';
import { expect, test } from './support/test';

/** Answers predictions in the server's place. */
async function answerWith(page: Page, status: number): Promise<{ count: number }> {
  const seen = { count: 0 };
  await page.route('**/api/predict*', async (route) => {
    seen.count++;
    await route.fulfill({ status, contentType: 'text/html', body: '<h1>Not from the app</h1>' });
  });
  return seen;
}

test.describe('the device answers', () => {
  test('without a network, once its model is there', async ({ classify, server, context }) => {
    await classify.open(server.url);
    await classify.pickSample('cat');
    await classify.expectAnswer('On the server', /tabby|Egyptian cat/);
    await classify.expectModelOnDevice();

    await context.setOffline(true);
    await classify.choosePicture('public/samples/espresso.png');
    await classify.expectAnswer('On this device', 'espresso');
    await expect(classify.answer).toContainText('This page is offline.');
  });

  test('when the server is killed in mid-visit', async ({ classify, ownServer }) => {
    await classify.open(ownServer.url);
    await classify.pickSample('cat');
    await classify.expectModelOnDevice();

    await ownServer.kill();
    await classify.choosePicture('public/samples/espresso.png');
    await classify.expectAnswer('On this device', 'espresso');
    await expect(classify.answer).toContainText('The server could not be reached.');
  });

  test('when the server takes too long', async ({ classify, server, page }) => {
    await classify.open(server.url);
    await classify.pickSample('cat');
    await classify.expectModelOnDevice();

    await page.route('**/api/predict*', () => new Promise<void>(() => undefined));
    await classify.choosePicture('public/samples/espresso.png');
    await classify.expectAnswer('On this device', 'espresso');
    await expect(classify.answer).toContainText('The server did not answer within 2.0 s.');
  });

  for (const [status, reason] of [
    [413, 'The picture is larger than may be sent to the server (413).'],
    [429, 'The server limits how much it answers (429).'],
    [500, 'The server had a fault (500).'],
    [502, 'The server was not there (502).'],
    [503, 'The server was busy (503).'],
    [504, 'The server was not there (504).'],
  ] as const) {
    test(`to status ${status}, and loads its model for that`, async ({
      classify,
      server,
      page,
    }) => {
      await classify.open(server.url);
      const seen = await answerWith(page, status);
      await classify.choosePicture('public/samples/espresso.png');
      await classify.expectAnswer('On this device', 'espresso');
      await expect(classify.answer).toContainText(reason);
      expect(seen.count).toBe(1);
    });
  }
});

test('the device answers when the visitor’s quota is used up', async ({ classify }) => {
  const server = await startServer({ PREDICT_PER_MINUTE: '1' });
  try {
    await classify.open(server.url);
    // At the turn of the minute the second may pass as well; then the third does not.
    for (const sample of ['cat', 'rocket', 'cat'] as const) {
      await classify.pickSample(sample);
      await expect(classify.ranking).toHaveCount(5);
    }
    // On a slow machine a minute may turn before this one: then the next does not pass.
    await expect(async () => {
      await classify.choosePicture('public/samples/espresso.png');
      await classify.expectAnswer('On this device', 'espresso', 20_000);
    }).toPass();
    await expect(classify.answer).toContainText('The server limits how much it answers (429).');
  } finally {
    await server.stop();
  }
});

test('an error about the picture is shown and not tried again', async ({
  classify,
  server,
  page,
}) => {
  await classify.open(server.url);
  const seen = await answerWith(page, 422);
  await classify.choosePicture('public/samples/espresso.png');
  await expect(classify.failure).toContainText('The server did not accept this (422)');
  expect(seen.count).toBe(1);
});

test('a visitor who chose the server sees its failure', async ({ classify, server, page }) => {
  await classify.open(server.url);
  await classify.choose('Server');
  await answerWith(page, 503);
  await classify.choosePicture('public/samples/espresso.png');
  await expect(classify.failure).toContainText('The server cannot answer now (503)');
  await expect(classify.failure).toContainText('Choose “Automatic”');
});

test('a missing model is reported', async ({ classify, server, context }) => {
  await classify.open(server.url);
  await context.setOffline(true);
  await classify.choosePicture('public/samples/espresso.png');
  await expect(classify.failure).toContainText('The model is not on this device yet');
});
