import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startServer } from '../tests/server';
import { expect, test } from './support/test';

test.use({ serviceWorkers: 'allow' });

test('a new version is announced, and taken only when it is asked for', async ({
  classify,
  page,
}) => {
  const standalone = await mkdtemp(path.join(tmpdir(), 'sightline-update-'));
  await cp('.next/standalone', standalone, { recursive: true });
  const first = await startServer({}, { standalone });
  const port = Number(new URL(first.url).port);
  await classify.open(first.url);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await first.stop();

  await appendFile(path.join(standalone, 'public/sw.js'), '\n// Another version.\n');
  const second = await startServer({}, { standalone, port });
  await page.reload();
  const notice = page.getByText('A new version of Sightline is ready.');
  await expect(notice).toBeVisible();
  await page.evaluate(() => Object.assign(window, { isOldPage: true }));
  await classify.pickSample('espresso');
  await classify.expectAnswer('On the server', 'espresso');

  await page.getByRole('button', { name: 'Load it' }).click();
  await page.waitForFunction(() => !('isOldPage' in window));
  await expect(classify.dropZone).toBeVisible();
  const waiting = () =>
    page.evaluate(async () => (await navigator.serviceWorker.ready).waiting !== null);
  expect(await waiting()).toBe(false);
  await expect(notice).toBeHidden();
  await second.stop();
  await rm(standalone, { recursive: true });
});
