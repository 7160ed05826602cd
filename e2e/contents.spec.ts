import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startServer } from '../harness/server';
import { expect, test } from './support/test';

test('the load tests begin with what there is, and lead there', async ({ page, server }) => {
  await page.goto(`${server.url}/load-tests`);
  const links = page.getByRole('navigation', { name: 'On this page' }).getByRole('link');
  const names = await links.allTextContents();
  expect(names.length).toBeGreaterThan(2);
  expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual(names);
  await links.last().click();
  await expect(page.getByRole('heading', { level: 2, name: names.at(-1)! })).toBeInViewport();
  await expect(page).toHaveURL(/#old-system$/);
});

test('several models have contents, one has none', async ({ page, server }) => {
  const contents = page.getByRole('navigation', { name: 'On this page' });
  await page.goto(`${server.url}/models`);
  await page.getByRole('article').waitFor();
  await expect(contents).toHaveCount(0);

  const modelsDir = await mkdtemp(path.join(tmpdir(), 'sightline-models-'));
  for (const id of ['first', 'second']) {
    await cp('models/tiny-imagenet-200', path.join(modelsDir, id), { recursive: true });
  }
  const several = await startServer({ MODELS_DIR: modelsDir, DEFAULT_MODEL: 'first' });
  await page.goto(`${several.url}/models`);
  await contents.getByRole('link', { name: 'second' }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'second' })).toBeInViewport();
  await several.stop();
  await rm(modelsDir, { recursive: true });
});
