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

test('a link does not change what the visitor chose', async ({ page, server }) => {
  await page.goto(server.url);
  const threshold = page.getByLabel('How probable a label must be to be shown');
  await threshold.selectOption('10 %');
  await page.goto(`${server.url}/?threshold=0.5&model=nobody`);
  await expect(threshold).toHaveValue('0.5');
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.goto(server.url);
  await expect(threshold).toHaveValue('0.1');
  await expect(page.getByText('The model nobody is not on the server')).toBeHidden();
});

test('what the visitor chooses before the scripts are there is kept', async ({ page, server }) => {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/_next/static/**/*.js', async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(server.url, { waitUntil: 'commit' });
  const threshold = page.getByLabel('How probable a label must be to be shown');
  await threshold.selectOption('10 %');
  release();
  const stored = () => page.evaluate(() => JSON.stringify({ ...localStorage }));
  await expect.poll(stored).toContain('0.1');
  await page.goto(server.url);
  await expect(threshold).toHaveValue('0.1');
});

test('what the visitor chooses after a link is kept', async ({ page, server }) => {
  await page.goto(`${server.url}/?threshold=0.5`);
  const threshold = page.getByLabel('How probable a label must be to be shown');
  await expect(threshold).toHaveValue('0.5');
  await threshold.selectOption('20 %');
  await page.goto(server.url);
  await expect(threshold).toHaveValue('0.2');
});

test('previews of links lead to the host of the request, whatever else a client claims', async ({
  request,
  server,
}) => {
  const response = await request.get(server.url, {
    headers: { 'X-Forwarded-Host': 'evil.example' },
  });
  const html = await response.text();
  expect(html).toContain(`content="${server.url}/icons/icon-512.png"`);
  expect(html).not.toContain('evil.example');
});
