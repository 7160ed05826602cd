import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { shareWithin } from '../lib/shared/vision/explain/words';
import { evidenceInQuarter, redInQuarter } from '../harness/pictures';
import { startServer } from '../harness/server';
import { SEES_RED, writeModel } from '../harness/models/folders';
import { deviceInPage } from './support/device-in-page';
import { expect, test } from './support/test';

const ESPRESSO = 193;
const PHONE = { width: 390, height: 844 };

test('the device finds the quarter that decides, with both methods, and can be cancelled', async ({
  page,
  server,
}) => {
  await page.goto(server.url);
  const device = await deviceInPage(page);
  const base64 = (await evidenceInQuarter(1, 0)).toString('base64');
  const ask = (method: 'class-activation' | 'occlusion') =>
    device.evaluate(
      async (there, asked) => {
        const bytes = Uint8Array.from(atob(asked.base64), (character) => character.charCodeAt(0));
        const progress: number[] = [];
        const explanation = await there.explain(new Blob([bytes]), asked.index, {
          method: asked.method,
          onProgress: (done) => progress.push(done),
        });
        return { explanation, progress };
      },
      { base64, method, index: ESPRESSO },
    );
  const activation = await ask('class-activation');
  expect(shareWithin(activation.explanation, 0.5, 0, 1, 0.5)).toBeGreaterThan(0.5);
  expect(activation.progress).toEqual([]);
  const occlusion = await ask('occlusion');
  expect(shareWithin(occlusion.explanation, 0.5, 0, 1, 0.5)).toBeGreaterThan(0.5);
  expect(occlusion.progress).toEqual([7, 14, 21, 28, 35, 42, 49]);

  const code = await device.evaluate(
    async (there, asked) => {
      const bytes = Uint8Array.from(atob(asked.base64), (character) => character.charCodeAt(0));
      const controller = new AbortController();
      const ended = there.explain(new Blob([bytes]), asked.index, {
        method: 'occlusion',
        signal: controller.signal,
        onProgress: () => controller.abort(),
      });
      return ended.then(
        () => 'explained',
        (error: { code?: string }) => error.code,
      );
    },
    { base64, index: ESPRESSO },
  );
  expect(code).toBe('stopped');
});

test('the device reads class activations from the end of a model without that output', async ({
  page,
}) => {
  const modelsDir = await mkdtemp(path.join(tmpdir(), 'sightline-models-'));
  await writeModel(path.join(modelsDir, 'sees-red'), SEES_RED);
  const own = await startServer({ MODELS_DIR: modelsDir });
  try {
    await page.goto(own.url);
    const device = await deviceInPage(page);
    const base64 = (await redInQuarter(0, 1)).toString('base64');
    const explanation = await device.evaluate(async (there, asked) => {
      const bytes = Uint8Array.from(atob(asked), (character) => character.charCodeAt(0));
      return there.explain(new Blob([bytes]), 0);
    }, base64);
    expect(explanation).toMatchObject({ method: 'class-activation', width: 15, height: 15 });
    expect(shareWithin(explanation, 0, 0.5, 0.5, 1)).toBeGreaterThan(0.9);
  } finally {
    await own.stop();
    await rm(modelsDir, { recursive: true });
  }
});

test('the page shows why, in a map and in words, for any label', async ({ page, server }) => {
  await page.goto(server.url);
  await page.getByLabel('Picture file').setInputFiles({
    name: 'quarter.png',
    mimeType: 'image/png',
    buffer: await evidenceInQuarter(0, 0),
  });
  await page.getByRole('button', { name: 'Explain' }).click();
  const panel = page.getByRole('region', { name: 'Explanation' });
  await expect(panel.getByRole('status')).toContainText('decides');
  const overlay = page.locator('figure canvas');
  await expect(overlay).toBeVisible();
  const [map, picture] = [
    await overlay.boundingBox(),
    await page.locator('figure img').boundingBox(),
  ];
  expect(map).toEqual(picture);

  const slider = panel.getByRole('slider', { name: 'Opacity of the map' });
  await slider.press('Home');
  await expect(overlay).toHaveCSS('opacity', '0');
  const select = panel.getByLabel('Label to explain');
  const second = await select.locator('option').nth(1).getAttribute('value');
  await select.selectOption(second);
  await expect(panel.getByRole('status')).toContainText(/decides|No part|Nothing/);
  await page.getByRole('button', { name: 'Explain' }).click();
  await expect(panel).toHaveCount(0);
  await expect(overlay).toHaveCount(0);
});

for (const reducedMotion of ['reduce', 'no-preference'] as const) {
  test(`on a phone the map comes into view, motion: ${reducedMotion}`, async ({ page, server }) => {
    await page.setViewportSize(PHONE);
    await page.emulateMedia({ reducedMotion });
    await page.goto(server.url);
    await page.getByLabel('Picture file').setInputFiles({
      name: 'quarter.png',
      mimeType: 'image/png',
      buffer: await evidenceInQuarter(0, 0),
    });
    const button = page.getByRole('button', { name: 'Explain' });
    await button.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await expect(page.locator('figure img')).not.toBeInViewport({ ratio: 1 });
    await button.click();
    await expect(page.locator('figure canvas')).toBeInViewport({ ratio: 1 });
  });
}
