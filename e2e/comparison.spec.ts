import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from 'playwright/test';
import { startServer, type TestServer } from '../harness/server';
import { SOUND_MODELS, writeModel } from '../harness/models/folders';
import type { ModelsResponse } from '../lib/shared/contract/models';
import { expect, test } from './support/test';

const SHIPPED = 'tiny-imagenet-200';
const TWIN = 'twin';
const OTHER = 'probabilities';
const PICTURE = 'public/samples/espresso.png';
/** The line of doubt takes room of its own. */
const DOUBTFUL = 'public/samples/cat.png';

let modelsDir: string;
let several: TestServer;

test.beforeAll(async () => {
  modelsDir = await mkdtemp(path.join(tmpdir(), 'sightline-models-'));
  for (const id of [SHIPPED, TWIN]) {
    await cp(`models/${SHIPPED}`, path.join(modelsDir, id), { recursive: true });
  }
  await writeModel(path.join(modelsDir, OTHER), SOUND_MODELS[OTHER]!);
  several = await startServer({ MODELS_DIR: modelsDir, DEFAULT_MODEL: SHIPPED });
});

test.afterAll(async () => {
  await several.stop();
  await rm(modelsDir, { recursive: true });
});

function comparePicker(page: Page): Locator {
  return page.getByRole('combobox', { name: 'Model to compare with' });
}

function secondAnswer(page: Page): Locator {
  return page.getByRole('region', { name: 'Second answer' });
}

function agreement(page: Page, sentence: string | RegExp): Locator {
  return page.getByRole('status').filter({ hasText: sentence });
}

test('a second model answers after the first, beside it, and it is said whether they agree', async ({
  classify,
  page,
}) => {
  const asked: string[] = [];
  let letFirstAnswer = () => {};
  let letSecondAnswer = () => {};
  const firstMay = new Promise<void>((resolve) => (letFirstAnswer = resolve));
  const secondMay = new Promise<void>((resolve) => (letSecondAnswer = resolve));
  await page.route('**/api/predict*', async (route) => {
    const isSecond = route.request().url().includes('model=');
    asked.push(isSecond ? 'second' : 'first');
    await (isSecond ? secondMay : firstMay);
    await route.continue();
  });
  await classify.open(several.url);
  await classify.choose('Server');
  await comparePicker(page).selectOption(TWIN);
  const second = secondAnswer(page);
  await expect(second.getByRole('heading', { name: TWIN })).toBeVisible();
  await expect(classify.answer.getByRole('heading', { name: SHIPPED })).toBeVisible();
  const shifts = await watchLayoutShifts(page);

  await classify.choosePicture(PICTURE);
  await expect(agreement(page, 'Waiting for both answers.')).toBeVisible();
  await expect.poll(() => asked).toEqual(['first']);
  letFirstAnswer();
  await classify.expectAnswer('On the server', 'espresso');
  await expect(second.getByRole('listitem')).toHaveCount(0);
  letSecondAnswer();
  await expect(second.getByText('On the server', { exact: true })).toBeVisible();
  await expect(second.getByText(/^\d+(\.\d)? m?s$/)).toBeVisible();
  await expect(second.getByRole('listitem').first()).toContainText('espresso');
  await expect(second.getByRole('status')).toHaveText(
    /^twin: espresso, \d+ percent, on the server/,
  );
  await expect(agreement(page, 'The first labels agree: espresso.')).toBeVisible();
  expect(asked).toEqual(['first', 'second']);
  expect(await shifts()).toEqual([]);

  await comparePicker(page).selectOption(OTHER);
  await expect(agreement(page, /^The first labels differ: espresso and kind \d\.$/)).toBeVisible();
  await page.getByRole('combobox', { name: 'Model that answers' }).selectOption(OTHER);
  await expect(second).toHaveCount(0);
  await expect(comparePicker(page)).toHaveValue('');
});

test('each answer falls over, and fails, by itself', async ({ classify, page }) => {
  const secondOnly = new RegExp(`/api/predict\\?model=${OTHER}(&|$)`);
  await classify.open(several.url);
  await comparePicker(page).selectOption(OTHER);
  await page.route(secondOnly, (route) => route.fulfill({ status: 503 }));
  await classify.choosePicture(PICTURE);
  const second = secondAnswer(page);
  await expect(second.getByText('On this device', { exact: true })).toBeVisible();
  await expect(second).toContainText('The server was busy (503).');
  await expect(second.getByRole('listitem').first()).toContainText(/kind \d/);
  await classify.expectAnswer('On the server', 'espresso');

  await classify.choose('Server');
  await expect(second.getByRole('alert')).toContainText('The server cannot answer now (503)');
  await classify.expectAnswer('On the server', 'espresso');
  await expect(
    agreement(page, `Only ${SHIPPED} answered, so there is nothing to compare.`),
  ).toBeVisible();
  await page.unroute(secondOnly);
  await second.getByRole('button', { name: 'Try again' }).click();
  await expect(second.getByText('On the server', { exact: true })).toBeVisible();
  await expect(agreement(page, 'The first labels differ')).toBeVisible();
});

test('with “This device” both models answer here, and nothing is sent', async ({
  classify,
  page,
}) => {
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/predict')) sent.push(request.url());
  });
  await classify.open(several.url);
  await classify.choose('This device');
  await comparePicker(page).selectOption(OTHER);
  await classify.choosePicture(PICTURE);
  await classify.expectAnswer('On this device', 'espresso');
  const second = secondAnswer(page);
  await expect(second.getByText('On this device', { exact: true })).toBeVisible();
  await expect(agreement(page, /^The first labels differ: espresso and kind \d\.$/)).toBeVisible();
  expect(sent).toEqual([]);
});

test('stops comparing once the other model was removed', async ({ classify, page }) => {
  const ownDir = await mkdtemp(path.join(tmpdir(), 'sightline-models-'));
  await cp(`models/${SHIPPED}`, path.join(ownDir, SHIPPED), { recursive: true });
  await writeModel(path.join(ownDir, OTHER), SOUND_MODELS[OTHER]!);
  const server = await startServer({ MODELS_DIR: ownDir, DEFAULT_MODEL: SHIPPED });
  try {
    await classify.open(server.url);
    await classify.choose('Server');
    await comparePicker(page).selectOption(OTHER);
    await rm(path.join(ownDir, OTHER), { recursive: true });
    const left = async () => {
      const listed = (await (await fetch(`${server.url}/api/models`)).json()) as ModelsResponse;
      return listed.models.length;
    };
    await expect.poll(left).toBe(1);
    await classify.choosePicture(PICTURE);
    await classify.expectAnswer('On the server', 'espresso');
    await expect(
      page.getByText(`The model ${OTHER} is not on the server any more: nothing is compared.`),
    ).toBeVisible();
    await expect(secondAnswer(page)).toHaveCount(0);
    await expect(comparePicker(page)).toHaveCount(0);
  } finally {
    await server.stop();
    await rm(ownDir, { recursive: true });
  }
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [390, 1440]) {
    test(`two answers come without moving anything, whole and accessible, in ${colorScheme}, ${width} px wide`, async ({
      classify,
      page,
    }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await classify.open(several.url);
      await comparePicker(page).selectOption(OTHER);
      await expect(secondAnswer(page)).toBeVisible();
      const shifts = await watchLayoutShifts(page);
      await classify.choosePicture(DOUBTFUL);
      await expect(agreement(page, 'The first labels differ')).toBeVisible();
      await expect(classify.answer.getByText(/^Not sure: perhaps .*, or /)).toBeVisible();
      await classify.expectModelOnDevice();
      expect(await shifts()).toEqual([]);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBe(0);
      const [first, second] = await Promise.all(
        [classify.answer, secondAnswer(page)].map((region) => region.boundingBox()),
      );
      const isBeside = first!.x + first!.width <= second!.x;
      const isAbove = first!.y + first!.height <= second!.y;
      expect({ isBeside, isAbove }).toEqual({ isBeside: width === 1440, isAbove: width === 390 });
    });
  }
}

/** @returns how much has moved since, by itself */
async function watchLayoutShifts(page: Page): Promise<() => Promise<number[]>> {
  const shifts = await page.evaluateHandle(() => {
    const values: number[] = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) values.push((entry as unknown as Shift).value);
    }).observe({ type: 'layout-shift' });
    return values;
  });
  return () => shifts.jsonValue();
}

/** An entry that TypeScript's own list of them does not have. */
interface Shift {
  readonly value: number;
}
