import type { Request } from 'playwright/test';
import { expect, test } from './support/test';

test('“This device” sends no request that carries the picture', async ({
  classify,
  server,
  page,
}) => {
  const requests: Request[] = [];
  await classify.open(server.url);
  page.on('request', (request) => requests.push(request));
  await classify.choose('This device');
  await classify.choosePicture('public/samples/espresso.png');
  await classify.expectAnswer('On this device', 'espresso');

  await expect(classify.answer).toContainText('the picture did not leave it');
  expect(requests.map((request) => request.method())).not.toContain('POST');
  expect(requests.filter((request) => request.postDataBuffer() !== null)).toEqual([]);
  expect(requests.map((request) => request.url())).not.toContainEqual(
    expect.stringContaining('/api/predict'),
  );
});

test('everything for the device comes from our own origin', async ({ classify, server, page }) => {
  const origins = new Set<string>();
  page.on('request', (request) => origins.add(new URL(request.url()).origin));
  await classify.open(server.url);
  await classify.choose('This device');
  await classify.expectModelOnDevice();
  expect([...origins].filter((origin) => origin !== 'null')).toEqual([server.url]);
});

test('the model is kept: a second visit loads neither it nor the WebAssembly', async ({
  classify,
  server,
  page,
}) => {
  await classify.open(server.url);
  await classify.choose('This device');
  await classify.expectModelOnDevice();

  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(request.url()));
  await page.reload();
  await classify.expectModelOnDevice();
  expect(loaded.filter((url) => /\.(onnx|wasm)$/.test(url))).toEqual([]);
});

test('a browser that saves data loads no model unasked', async ({ classify, server, page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
  });
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(request.url()));
  await classify.open(server.url);
  await classify.pickSample('cat');
  await classify.expectAnswer('On the server', /tabby|Egyptian cat/);
  await expect(classify.answer).toContainText('your browser saves data');
  // An idle callback that comes after ours would be the one that loads.
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  expect(loaded.filter((url) => url.endsWith('.onnx'))).toEqual([]);

  await classify.choose('This device');
  await classify.expectAnswer('On this device', /tabby|Egyptian cat/);
});

test('WebGPU gives the same first label', async ({ classify, server, page }) => {
  // Without a graphics card its programs are compiled and run in software.
  test.setTimeout(180_000);
  await classify.open(server.url);
  await classify.choose('This device');
  await classify.showDevice();
  await page.getByRole('radio', { name: 'WebGPU' }).click();
  await expect(classify.answer.getByText(/^It runs with WebGPU\./)).toBeVisible({
    timeout: 120_000,
  });
  await classify.choosePicture('public/samples/espresso.png');
  await classify.expectAnswer('On this device', 'espresso');
  await classify.showTimes();
  await expect(classify.answer.getByText(/^decode .* WebGPU$/)).toBeVisible();
});

test('WebAssembly has threads only where the page is isolated, and it is', async ({
  server,
  page,
}) => {
  await page.goto(server.url);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});
