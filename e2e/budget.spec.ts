import { startCountingProxy } from '../harness/counting-proxy';
import { expect, test } from './support/test';

/** Compressed, as it travels. */
const MAX_SCRIPT_BYTES = 200_000;
/** All of it: page, fonts, samples, runtime and model, with headers. */
const MAX_OFFLINE_BYTES = 7_000_000;

test('the page is light: little JavaScript, and no WebAssembly before it is needed', async ({
  page,
  server,
}) => {
  const scripts: Promise<number>[] = [];
  const wasm: string[] = [];
  page.on('requestfinished', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.endsWith('.wasm')) wasm.push(pathname);
    if (request.resourceType() === 'script')
      scripts.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  await page.goto(server.url, { waitUntil: 'networkidle' });
  const sizes = await Promise.all(scripts);
  expect(sizes.length).toBeGreaterThan(5);
  expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(MAX_SCRIPT_BYTES);
  expect(wasm).toEqual([]);
});

test('what is named by its content travels compressed and stays', async ({
  page,
  server,
  request,
  classify,
}) => {
  const [script, wasm] = [/\/_next\/static\/.*\.js$/, /\.wasm$/].map((address) =>
    page.waitForResponse(address),
  );
  await classify.open(server.url);
  await classify.choose('This device');
  await classify.pickSample('cat');
  for (const seen of [await script!, await wasm!]) {
    const response = await request.get(seen.url(), { headers: { 'Accept-Encoding': 'br, gzip' } });
    expect(response.headers()['content-encoding']).toBe('br');
    expect(response.headers()['cache-control']).toContain('immutable');
  }
});

test.describe('with a service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('seven megabytes are enough to answer without a server', async ({
    classify,
    context,
    ownServer,
    page,
  }) => {
    await using proxy = await startCountingProxy(ownServer.url);
    await classify.open(proxy.url);
    await classify.pickSample('cat');
    await classify.expectModelOnDevice();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const bytes = proxy.received();
    console.info(`first visit to works offline: ${(bytes / 1e6).toFixed(2)} MB`);

    await ownServer.kill();
    await context.setOffline(true);
    await classify.choosePicture('public/samples/espresso.png');
    await classify.expectAnswer('On this device', 'espresso');
    expect(proxy.received()).toBe(bytes);
    expect(bytes).toBeLessThan(MAX_OFFLINE_BYTES);
  });
});
