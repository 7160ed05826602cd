import AxeBuilder from '@axe-core/playwright';
import papaparse from 'papaparse';
import { makeFiles, ManyPage } from '../harness/pages/many-page';
import { expect, test } from './support/test';

test('pictures stand by label, are selected by keys, marked and saved', async ({
  page,
  server,
}) => {
  const many = new ManyPage(page);
  await many.open(server.url);
  await many.choose(await makeFiles(12));
  await many.expectDone('10 of 12 pictures answered, 2 failed');
  await page.getByRole('radio', { name: 'By label' }).click();
  const espresso = page.getByRole('listbox', { name: 'espresso' }).getByRole('option');
  await expect(page.getByRole('listbox').last().getByRole('option')).toHaveCount(2);
  await expect(page.getByRole('heading', { level: 2 }).last()).toHaveText('Without an answer');

  await espresso.first().focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(espresso.first()).toHaveAttribute('aria-selected', 'true');
  await expect(espresso.nth(1)).toHaveAttribute('aria-selected', 'true');
  await expect(espresso.nth(1)).toBeFocused();
  const bar = page.getByRole('group', { name: 'Selected pictures' });
  await expect(bar).toContainText('2 pictures selected');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);

  await bar.getByRole('button', { name: 'Right' }).click();
  await expect(bar).toContainText('2 marked as right');
  const downloading = page.waitForEvent('download');
  await bar.getByRole('button', { name: 'Download the selected as CSV' }).click();
  const stream = await (await downloading).createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const csv = Buffer.concat(chunks).toString('utf8');
  const { data } = papaparse.parse<{ label: string }>(csv, { header: true, skipEmptyLines: true });
  expect(data).toHaveLength(2);
  for (const { label } of data) expect(label).toContain('espresso');

  await espresso.first().focus();
  await page.keyboard.press('Escape');
  await expect(bar).toHaveCount(0);
  await page.keyboard.press('Control+a');
  await expect(bar).toContainText('12 pictures selected');
});
