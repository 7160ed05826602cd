import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startServer, type TestServer } from '../harness/server';
import { SOUND_MODELS, writeModel } from '../harness/models/folders';
import { isBad, makeFiles, ManyPage } from '../harness/pages/many-page';
import { expect, test } from './support/test';

const SHIPPED = 'tiny-imagenet-200';
const PICTURE = 'public/samples/espresso.png';

let modelsDir: string;
let several: TestServer;

test.beforeAll(async () => {
  modelsDir = await mkdtemp(path.join(tmpdir(), 'sightline-models-'));
  await cp(`models/${SHIPPED}`, path.join(modelsDir, SHIPPED), { recursive: true });
  for (const [id, content] of Object.entries(SOUND_MODELS)) {
    await writeModel(path.join(modelsDir, id), content);
  }
  several = await startServer({ MODELS_DIR: modelsDir, DEFAULT_MODEL: SHIPPED });
});

test.afterAll(async () => {
  await several.stop();
  await rm(modelsDir, { recursive: true });
});

test('each model that is chosen answers on the server, and is named in the command', async ({
  classify,
  page,
}) => {
  await classify.open(several.url);
  await classify.choose('Server');
  await classify.choosePicture(PICTURE);
  await classify.expectAnswer('On the server', 'espresso');
  const picker = page.getByRole('combobox', { name: 'Model that answers' });
  await expect(picker).toHaveValue(SHIPPED);
  for (const id of Object.keys(SOUND_MODELS)) {
    await picker.selectOption(id);
    await classify.answer.getByRole('button', { name: 'JSON' }).click();
    await expect(page.getByRole('dialog')).toContainText(`"id": "${id}"`);
    await page.keyboard.press('Escape');
    await classify.expectAnswer('On the server', /kind \d/);
  }
  const last = Object.keys(SOUND_MODELS).at(-1)!;
  await classify.answer.getByRole('button', { name: 'Copy as curl' }).click();
  await expect(page.getByRole('dialog')).toContainText(`/api/predict?model=${last}`);
});

test('the one that takes bytes, channels last, answers the same on this device', async ({
  classify,
  page,
}) => {
  const id = 'resnet-nhwc-uint8';
  await classify.open(several.url);
  await classify.choose('Server');
  await page.getByRole('combobox', { name: 'Model that answers' }).selectOption(id);
  await classify.choosePicture(PICTURE);
  await classify.expectAnswer('On the server', /kind \d/);
  const first = (await classify.ranking.first().textContent())!.match(/kind \d/)![0];

  await classify.choose('This device');
  await classify.expectAnswer('On this device', first);
  await classify.answer.getByRole('button', { name: 'JSON' }).click();
  await expect(page.getByRole('dialog')).toContainText(`"id": "${id}"`);
  await page.keyboard.press('Escape');

  await page
    .getByRole('combobox', { name: 'Model that answers' })
    .selectOption(`${SHIPPED} (default)`);
  await classify.expectAnswer('On this device', 'espresso');
});

test('the choice stays, and falls back with a sentence where its model went away', async ({
  classify,
  page,
  server,
}) => {
  await classify.open(several.url);
  const picker = page.getByRole('combobox', { name: 'Model that answers' });
  await picker.selectOption('probabilities');
  await page.reload();
  await expect(picker).toHaveValue('probabilities');

  const listed: unknown = await (await fetch(`${server.url}/api/models`)).json();
  await page.route('**/api/models', (route) => route.fulfill({ json: listed }));
  await page.reload();
  await expect(
    page.getByText('The model probabilities is not on the server any more'),
  ).toBeVisible();
  await classify.choosePicture(PICTURE);
  await classify.expectAnswer('On the server', 'espresso');
});

test('many pictures are answered by the chosen model, on the server as on this device', async ({
  classify,
  page,
}) => {
  const id = 'convnext-crop-pct';
  await classify.open(several.url);
  const picker = page.getByRole('combobox', { name: 'Model that answers' });
  await picker.selectOption(id);
  const many = new ManyPage(page);
  await many.open(several.url);
  await expect(picker).toHaveValue(id);
  await classify.choose('Server');
  await many.choose(await makeFiles(3));
  await many.expectDone('3 of 3 pictures answered');

  await picker.selectOption('half-precision');
  await classify.choose('This device');
  await many.choose((await makeFiles(5)).slice(3));
  await many.expectDone('5 of 5 pictures answered');
  const { results } = JSON.parse(await many.export('JSON')) as {
    results: { source: string; model: string }[];
  };
  expect(results.map(({ source, model }) => `${model} on the ${source}`)).toEqual([
    ...Array<string>(3).fill(`${id} on the server`),
    ...Array<string>(2).fill('half-precision on the device'),
  ]);
});

test('pictures that are on this device when another model is chosen are answered by that one', async ({
  classify,
  page,
}) => {
  const many = new ManyPage(page);
  await many.open(several.url);
  await classify.choose('This device');
  const files = (await makeFiles(70)).filter((_, index) => !isBad(index)).slice(0, 50);
  await many.choose(files.slice(0, 45));
  const picker = page.getByRole('combobox', { name: 'Model that answers' });
  // While it is loaded, then while it answers.
  await picker.selectOption('convnext-crop-pct');
  await page.getByText(/^[1-9]\d* of 45 pictures answered/).waitFor();
  await picker.selectOption('half-precision');
  await many.choose(files.slice(45));
  await many.expectDone('50 of 50 pictures answered');
  const { results } = JSON.parse(await many.export('JSON')) as { results: { model: string }[] };
  expect(results.at(-1)!.model).toBe('half-precision');
});

test('a picture of the history is run again by the model that answered, while there is one', async ({
  classify,
  page,
  server,
}) => {
  const id = 'fixed-batch';
  await classify.open(several.url);
  const picker = page.getByRole('combobox', { name: 'Model that answers' });
  await picker.selectOption(id);
  await classify.choosePicture(PICTURE);
  await classify.expectAnswer('On the server', /kind \d/);
  const first = (await classify.ranking.first().textContent())!.match(/kind \d/)![0];
  await picker.selectOption(SHIPPED);
  await classify.expectAnswer('On the server', 'espresso');

  await page.getByRole('link', { name: 'History' }).click();
  const details = page.getByRole('button', { name: 'Details of espresso.png' });
  await details.last().click();
  const opened = page
    .getByRole('list', { name: 'Answers' })
    .getByRole('listitem')
    .filter({
      has: page.getByRole('button', { name: 'Run again on this device' }),
    });
  await opened.getByRole('button', { name: 'Run again on this device' }).click();
  await expect(opened).toContainText('You had it classified again, to compare.');
  await expect(opened.getByRole('list').last().getByRole('listitem').first()).toContainText(first);

  const listed: unknown = await (await fetch(`${server.url}/api/models`)).json();
  await page.route('**/api/models', (route) => route.fulfill({ json: listed }));
  await opened.getByRole('button', { name: 'Run again on this device' }).click();
  await expect(opened.getByRole('status')).toContainText([
    /./,
    `${id} answered the first time, ${SHIPPED} the second.`,
  ]);
  const again = opened.getByRole('list').last().getByRole('listitem').first();
  await expect(again).toContainText('espresso');
});

test('with one model there is nothing to pick', async ({ classify, page, server }) => {
  const listed = page.waitForResponse(/\/api\/models$/);
  await classify.open(server.url);
  await (await listed).finished();
  await classify.choosePicture(PICTURE);
  await classify.expectAnswer('On the server', 'espresso');
  await expect(page.getByRole('region', { name: 'Model', exact: true })).toHaveCount(0);
});

for (const [colorScheme, width] of [
  ['light', 1440],
  ['dark', 390],
] as const) {
  test(`nothing is cut off in ${colorScheme}, ${width} px wide`, async ({ classify, page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await classify.open(several.url);
    await page.getByRole('combobox', { name: 'Model that answers' }).scrollIntoViewIfNeeded();
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
  });
}
