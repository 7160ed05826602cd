import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import papaparse from 'papaparse';
import { startServer } from '../harness/server';
import { isBad, makeFiles, ManyPage } from '../harness/pages/many-page';
import { expect, test } from './support/test';

const COUNT = 100;

interface Line {
  readonly position: string;
  readonly file: string;
  readonly state: string;
  readonly label: string;
  readonly source: string;
  readonly reason: string;
  readonly problem: string;
}

interface Exported {
  readonly results: { file: string; source?: string; predictions?: unknown[] }[];
}

test('100 files, some bad, a 429 in the middle: each answered once, in order, and exported', async ({
  page,
}) => {
  const files = await makeFiles(COUNT);
  const bad = files.filter((_, index) => isBad(index)).length;
  const server = await startServer({ BATCH_PER_MINUTE: '1' });
  try {
    const statuses: number[] = [];
    page.on('response', (response) => {
      if (response.url().includes('/api/predict/batch')) statuses.push(response.status());
    });
    const many = new ManyPage(page);
    await many.open(server.url);
    await many.choose(files);
    await many.expectDone(`${COUNT - bad} of 100 pictures answered, ${bad} failed`);
    expect(statuses).toContain(429);

    const { data, errors } = papaparse.parse<Line>(await many.export('CSV'), {
      header: true,
      skipEmptyLines: true,
    });
    expect(errors).toEqual([]);
    expect(data.map(({ file }) => file)).toEqual(files.map(({ name }) => name));
    expect(data.map(({ position }) => Number(position))).toEqual(files.map((_, i) => i + 1));
    expect(data.map(({ state }) => state)).toEqual(
      files.map((_, index) => (isBad(index) ? 'failed' : 'answered')),
    );
    const sources = new Set(data.map(({ source }) => source));
    expect([...sources].sort()).toEqual(['', 'device', 'server']);
    expect(data.filter(({ reason }) => reason === 'limited').length).toBeGreaterThan(0);
    expect(data[5]!.problem).not.toBe('');

    const { results } = JSON.parse(await many.export('JSON')) as Exported;
    expect(results.map(({ file }) => file)).toEqual(files.map(({ name }) => name));
    expect(results[0]!.predictions).toHaveLength(5);
  } finally {
    await server.stop();
  }
});

test('rows are filtered by state, words and label, and sorted', async ({ page, server }) => {
  const many = new ManyPage(page);
  await many.open(server.url);
  await many.choose(await makeFiles(12));
  await many.expectDone('10 of 12 pictures answered, 2 failed');
  await expect(many.rows.first()).toContainText('picture-0001.jpg');
  await expect(many.rows.first()).toHaveAttribute('aria-setsize', '12');

  await page.getByRole('radio', { name: 'Failed' }).click();
  await expect(many.rows).toHaveCount(2);
  await expect(many.rows.first()).toContainText('This file is not a picture we can read');
  await expect(many.rows.last()).toContainText('This picture is broken or incomplete');

  await page.getByRole('radio', { name: 'All' }).click();
  await page.getByRole('searchbox').fill('note');
  await expect(many.rows).toHaveCount(1);
  await page.getByRole('searchbox').fill('');

  const espresso = page.getByRole('button', { name: /^espresso \d/ });
  const counted = /\d+$/.exec(await espresso.innerText())![0];
  await espresso.click();
  await expect(many.rows.first()).toContainText('espresso');
  await expect(many.rows.first()).toHaveAttribute('aria-setsize', counted);
  await page.getByRole('button', { name: /^Only “espresso”/ }).click();

  await page.getByLabel('In which order').selectOption('By label');
  await expect(many.rows.last()).toContainText('This picture is broken');
  await page
    .getByRole('button', { name: /^All labels of/ })
    .first()
    .click();
  await expect(many.rows.first().getByRole('listitem')).toHaveCount(5);
});

test('with “This device” nothing is sent', async ({ page, server }) => {
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(new URL(request.url()).pathname);
  });
  const many = new ManyPage(page);
  await many.open(server.url);
  await page.getByRole('radio', { name: 'This device' }).click();
  await many.choose(await makeFiles(5));
  await many.expectDone('5 of 5 pictures answered');
  await expect(many.rows.first()).toContainText('On this device');
  expect(sent).toEqual([]);
});

test('the device goes on when the server has stopped', async ({ page, ownServer }) => {
  const many = new ManyPage(page);
  await many.open(ownServer.url);
  await many.choose(await makeFiles(3));
  await many.expectDone('3 of 3 pictures answered');
  await page.getByRole('radio', { name: 'This device' }).click();
  await many.choose(await makeFiles(1));
  await many.expectDone('4 of 4 pictures answered');
  await page.getByRole('radio', { name: 'Automatic' }).click();

  await ownServer.kill();
  await many.choose(await makeFiles(2));
  await many.expectDone('6 of 6 pictures answered');
  await expect(many.rows.last()).toContainText('On this device');
});

test('pictures are cancelled, and tried again', async ({ page, server }) => {
  const many = new ManyPage(page);
  await many.open(server.url);
  await page.route('**/api/predict/batch*', () => new Promise<void>(() => undefined));
  await many.choose(await makeFiles(5));
  await many.expectDone('0 of 5 pictures answered, 5 to go');
  await page.getByRole('button', { name: 'Cancel picture-0002.jpg' }).click();
  await many.expectDone('0 of 5 pictures answered, 1 cancelled, 4 to go');
  await page.getByRole('button', { name: 'Cancel all' }).click();
  await many.expectDone('0 of 5 pictures answered, 5 cancelled');

  await page.unroute('**/api/predict/batch*');
  await page.getByRole('button', { name: 'Try picture-0001.jpg again' }).click();
  await many.expectDone('1 of 5 pictures answered, 4 cancelled');
  await page.getByRole('button', { name: 'Try 4 again' }).click();
  await many.expectDone('5 of 5 pictures answered');
  await page.getByRole('button', { name: 'Clear the list' }).click();
  await expect(page.getByText('Drop a folder')).toBeVisible();
});

test('a folder is added with its files', async ({ page, server }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sightline-folder-'));
  try {
    const inner = path.join(folder, 'holiday');
    await mkdir(inner);
    for (const { name, buffer } of await makeFiles(3)) {
      await writeFile(path.join(inner, name), buffer);
    }
    await writeFile(path.join(inner, '.DS_Store'), 'not for anybody');
    const many = new ManyPage(page);
    await many.open(server.url);
    await page.getByLabel('Picture folder').setInputFiles(folder);
    await many.expectDone('3 of 3 pictures answered');
    await expect(many.rows.first()).toContainText(`${path.basename(folder)}/holiday`);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('several files that are dropped on the first page come here', async ({
  classify,
  page,
  server,
}) => {
  await classify.open(server.url);
  await classify.drop('public/samples/cat.png', 'public/samples/espresso.png');
  await new ManyPage(page).expectDone('2 of 2 pictures answered');
  await expect(page).toHaveURL(/\/many$/);
});
