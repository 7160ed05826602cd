import { expect, test } from './support/test';

test('a slow server is said to be slow, and cancelling keeps the picture', async ({
  classify,
  page,
  server,
}) => {
  await classify.open(server.url);
  await classify.choose('Server');
  await page.route('**/api/predict*', () => new Promise<void>(() => undefined));
  await classify.pickSample('espresso');
  await expect(classify.answer.getByText('This takes longer than usual.')).toBeVisible();
  await classify.answer.getByRole('button', { name: 'Cancel' }).click();
  await expect(classify.failure).toContainText('You cancelled this');
  await expect(page.getByRole('img', { name: 'The picture espresso.png' })).toBeVisible();

  await page.unroute('**/api/predict*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await classify.expectAnswer('On the server', 'espresso');
});

test('a limited answer counts down to when the server answers again', async ({
  classify,
  page,
  server,
}) => {
  await page.clock.install();
  await classify.open(server.url);
  await classify.choose('Server');
  await page.route('**/api/predict*', (route) =>
    route.fulfill({ status: 429, headers: { 'Retry-After': '90' }, body: '' }),
  );
  await classify.pickSample('espresso');
  await expect(classify.answer.getByText('The server answers again in 90 s.')).toBeVisible();
  await page.clock.runFor(60_000);
  await expect(
    classify.answer.getByText(/^The server answers again in (30|29) s\.$/),
  ).toBeVisible();
  await page.clock.runFor(31_000);
  await expect(classify.answer.getByText('The server answers again now.')).toBeVisible();
});

test('the download of the model says how large it is, and is cancelled and begun again', async ({
  classify,
  page,
  server,
}) => {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/*.onnx', async (route) => {
    await released;
    await route.continue();
  });
  await classify.open(server.url);
  await expect(
    classify.answer.getByText(/comes to this device \(\d+\.\d MB, once\)/),
  ).toBeVisible();
  await classify.choose('This device');
  await expect(classify.answer.getByText(/^Loading the model onto this device/)).toBeVisible();
  await classify.showDevice();
  await page.getByRole('button', { name: 'Cancel the download' }).click();
  await expect(classify.answer.getByText(/comes to this device/)).toBeVisible();

  release();
  await classify.pickSample('espresso');
  await classify.expectAnswer('On this device', 'espresso');
});
