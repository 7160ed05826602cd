import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { startServer } from '../harness/server';
import { BROKEN_MODELS, writeModel } from '../harness/models/folders';
import { expect, test } from './support/test';

test('a model says what it is, how good, and where to load it from', async ({
  page,
  server,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${server.url}/models`);
  const card = page.getByRole('article', { name: 'tiny-imagenet-200' });
  await expect(card).toContainText('answers by default');
  await expect(card).toContainText('The model that ships with the project');
  await expect(card.getByText('55.8 %')).toBeVisible();
  await expect(card.getByText('Evaluated on 10,000 pictures')).toBeVisible();
  await expect(card.getByText('Resized to 64 × 64 (bilinear)')).toBeVisible();

  await card.getByRole('button', { name: 'Copy the address of tiny-imagenet-200' }).click();
  await expect(card.getByRole('status').first()).toHaveText('Copied');
  const address = await page.evaluate(() => navigator.clipboard.readText());
  expect(address).toBe(`${server.url}/hf/tiny-imagenet-200/resolve/main/`);
  expect((await fetch(`${address}config.json`)).status).toBe(200);

  await card.getByRole('button', { name: 'Copy the snippet for tiny-imagenet-200' }).click();
  await expect(card.getByRole('status').nth(1)).toHaveText('Copied');
  const snippet = await page.evaluate(() => navigator.clipboard.readText());
  expect(snippet).toContain(`env.remoteHost = '${server.url}/hf/';`);
});

test('every file that is named can be loaded', async ({ page, server }) => {
  await page.goto(`${server.url}/models`);
  const files = page.getByRole('region', { name: 'Files of tiny-imagenet-200' });
  await expect(files.getByRole('link', { name: 'onnx/model.onnx' })).toBeVisible();
  for (const link of await files.getByRole('link').all()) {
    const response = await page.request.head(server.url + (await link.getAttribute('href')));
    expect([await link.textContent(), response.status()]).toEqual([await link.textContent(), 200]);
  }
});

test('its classes and its model card are there to be read', async ({ page, server }) => {
  await page.goto(`${server.url}/models`);
  await page.getByText('200 classes').click();
  await expect(page.getByRole('listitem').filter({ hasText: /^goldfish$/ })).toBeVisible();
  await page.getByText('Model card', { exact: true }).click();
  await expect(page.getByRole('heading', { name: 'tiny-imagenet-200', level: 3 })).toBeVisible();
  await expect(page.getByRole('cell', { name: /^Tiny ImageNet: 100,000/ })).toBeVisible();
});

test('a second folder is a second card; without an evaluation it says so', async ({ page }) => {
  const modelsDir = await mkdtemp(path.join(tmpdir(), 'sightline-models-'));
  await cp('models/tiny-imagenet-200', path.join(modelsDir, 'first'), { recursive: true });
  await cp('models/tiny-imagenet-200', path.join(modelsDir, 'second'), {
    recursive: true,
    filter: (file) => !/evaluation\.json$|README\.md$/.test(file),
  });
  const server = await startServer({ MODELS_DIR: modelsDir });
  try {
    await page.goto(`${server.url}/models`);
    const second = page.getByRole('article', { name: 'second' });
    await expect(second).toContainText('Its folder has no evaluation.json');
    await expect(second.getByText('Model card', { exact: true })).toHaveCount(0);

    await page.goto(`${server.url}/visualizations?model=second`);
    await expect(
      page.getByText('appears here when its folder has an evaluation.json'),
    ).toBeVisible();

    await page.goto(`${server.url}/models`);
    await page.getByRole('link', { name: 'by class, confusion and reliability' }).click();
    await expect(page).toHaveURL(/visualizations\?model=first#model$/);
    await expect(
      page.getByRole('heading', { name: /^56 % of pictures are recognised/ }),
    ).toBeVisible();
  } finally {
    await server.stop();
    await rm(modelsDir, { recursive: true });
  }
});

test('a folder that cannot be served is named with what is wrong in it', async ({ page }) => {
  const modelsDir = await mkdtemp(path.join(tmpdir(), 'sightline-models-'));
  await cp('models/tiny-imagenet-200', path.join(modelsDir, 'sound'), { recursive: true });
  for (const id of ['label-gap', 'unknown-step']) {
    await writeModel(path.join(modelsDir, id), BROKEN_MODELS[id]!);
  }
  const server = await startServer({ MODELS_DIR: modelsDir });
  try {
    await page.goto(`${server.url}/models`);
    await expect(page.getByRole('article', { name: 'sound' })).toBeVisible();
    const broken = page.getByRole('region', { name: 'Cannot be served' });
    for (const id of ['label-gap', 'unknown-step']) {
      const row = broken.getByRole('listitem').filter({ hasText: id });
      await expect(row).toContainText(BROKEN_MODELS[id]!.says);
    }
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  } finally {
    await server.stop();
    await rm(modelsDir, { recursive: true });
  }
});

test('says that the server does not answer', async ({ page, server }) => {
  await page.route('**/api/models', (route) => route.fulfill({ status: 503 }));
  await page.goto(`${server.url}/models`);
  await expect(
    page.getByRole('alert').filter({ hasText: 'The server does not say' }),
  ).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [390, 1440]) {
    test(`axe finds nothing in ${colorScheme}, ${width} px wide, everything unfolded`, async ({
      page,
      server,
    }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${server.url}/models`);
      await page.getByText('200 classes').click();
      await page.getByText('Model card', { exact: true }).click();
      await page.getByRole('heading', { name: 'tiny-imagenet-200', level: 3 }).waitFor();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    });
  }
}
