import { expect, test } from './support/test';

test('the threshold stands in the address and hides what is less probable', async ({
  classify,
  page,
  server,
}) => {
  await page.goto(`${server.url}/?threshold=0.5`);
  await classify.pickSample('espresso');
  await classify.expectAnswer('On the server', 'espresso');
  await expect(classify.ranking).toHaveCount(1);
  await expect(classify.answer).toContainText('4 labels below 50 % are not shown.');
  await page.getByLabel('How probable a label must be to be shown').selectOption('any probability');
  await expect(classify.ranking).toHaveCount(5);
  await expect(page).toHaveURL(`${server.url}/`);
});

test('a model that the address names and nobody has is said to be missing', async ({
  page,
  server,
}) => {
  await page.goto(`${server.url}/?model=nobody`);
  await expect(page.getByText('The model nobody is not on the server')).toBeVisible();
});
