import { expect, test } from './support/test';
import { makeBitmap } from '../harness/pictures';

const CAT = 'public/samples/cat.png';
const ESPRESSO = 'public/samples/espresso.png';

test.describe('a picture reaches the server', () => {
  test.beforeEach(({ classify, server }) => classify.open(server.url));

  test('dropped', async ({ classify }) => {
    await classify.drop(ESPRESSO);
    await classify.expectAnswer('On the server', 'espresso');
    await expect(classify.ranking).toHaveCount(5);
  });

  test('chosen as a file', async ({ classify }) => {
    await classify.choosePicture(CAT);
    await classify.expectAnswer('On the server', /tabby|Egyptian cat/);
  });

  test('pasted', async ({ classify }) => {
    await classify.paste(ESPRESSO);
    await classify.expectAnswer('On the server', 'espresso');
  });

  test('by keyboard alone, and the answer is announced', async ({ classify, page }) => {
    await page.getByRole('button', { name: 'Classify the sample espresso' }).focus();
    await page.keyboard.press('Enter');
    await expect(classify.announcement).toHaveText(
      /^espresso, \d+ percent, on the server, \d+ milliseconds$/,
    );
  });

  test('with the file dialogue opened by the Enter key', async ({ classify, page }) => {
    await classify.dropZone.focus();
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Enter');
    await (await chooser).setFiles(ESPRESSO);
    await classify.expectAnswer('On the server', 'espresso');
  });
});

test.describe('what is no picture is called by its name', () => {
  test.beforeEach(({ classify, server }) => classify.open(server.url));

  test('text with the name of a picture', async ({ classify }) => {
    await classify.choosePicture({
      name: 'photo.jpg',
      mimeType: 'image/jpeg',
      buffer: Buffer.from('no picture at all'),
    });
    await expect(classify.failure).toContainText('This file is not a picture we can read');
    await expect(classify.failure).toContainText('It is text.');
  });

  test('an address', async ({ classify }) => {
    await classify.pasteText('https://example.org/cat.png');
    await expect(classify.failure).toContainText('Addresses are not fetched');
  });

  test('and the next picture is answered', async ({ classify }) => {
    await classify.pasteText('nothing');
    await classify.pickSample('espresso');
    await classify.expectAnswer('On the server', 'espresso');
  });
});

test('a format that only the browser reads is answered on the device', async ({
  classify,
  server,
}) => {
  await classify.open(server.url);
  const buffer = await makeBitmap('espresso.png');
  await classify.choosePicture({ name: 'espresso.bmp', mimeType: 'image/bmp', buffer });
  await classify.expectAnswer('On this device', 'espresso');
  await expect(classify.answer).toContainText(
    'The server does not read this format, but your browser does.',
  );
});

test('says that the figures are missing, and shows them again when they return', async ({
  classify,
  server,
  page,
}) => {
  await page.clock.install();
  await page.route('**/api/statistics*', (route) => route.abort());
  await classify.open(server.url);
  const strip = page.getByRole('region', { name: 'The last hour' });
  await expect(strip).toContainText('The server does not give its figures now.');

  await page.unroute('**/api/statistics*');
  await page.clock.fastForward(5000);
  await expect(strip).toContainText('All visitors, the last hour.');
});
