import { expect, test } from './support/test';

test('where WebGPU does not run, WebAssembly answers and the reason is given', async ({
  classify,
  server,
  page,
}) => {
  await page.route(/webgpu/, (route) => route.abort());
  await page.goto(`${server.url}/settings`);
  await page.getByRole('radio', { name: 'WebGPU' }).click();
  await expect(
    page.getByText(/^WebAssembly is used instead: WebGPU does not run here/),
  ).toBeVisible();

  await page.getByRole('link', { name: 'Classify', exact: true }).click();
  await classify.choose('This device');
  await classify.choosePicture('public/samples/espresso.png');
  await classify.expectAnswer('On this device', 'espresso');
  await classify.showTimes();
  await expect(classify.answer.getByText(/^decode .* WebAssembly$/)).toBeVisible();
});

test('what is kept in the browser is counted, and gone when it is cleared', async ({
  classify,
  server,
  page,
}) => {
  await classify.open(server.url);
  await classify.choose('This device');
  await classify.pickSample('cat');
  await classify.expectAnswer('On this device', /tabby|Egyptian cat/);
  await page.getByRole('link', { name: 'Settings' }).click();
  const figure = (name: string) =>
    page.getByRole('term').filter({ hasText: name }).locator('xpath=following-sibling::dd');
  await expect(figure('Model and WebAssembly')).toHaveText(/^\d+\.\d MB$/);
  await expect(figure('Answers in the history')).toHaveText('1');

  await page.getByRole('button', { name: 'Clear, with the history' }).click();
  await expect(page.getByText('Cleared.')).toBeVisible();
  await expect(figure('Model and WebAssembly')).toHaveText('0.0 MB');
  await expect(figure('Answers in the history')).toHaveText('0');

  await page.getByRole('link', { name: 'Classify', exact: true }).click();
  await classify.pickSample('espresso');
  await classify.expectAnswer('On this device', 'espresso');
});
