/** Pictures are prepared on the device: some KB go to the server, and the answer is the same. */
import sharp from 'sharp';
import { predictResponseSchema } from '@/lib/shared/contract/predict';
import { ManyPage } from '../harness/pages/many-page';
import { expect, test } from './support/test';

const isPrediction = (url: string) => url.includes('/api/predict');

/** 12 megapixels of gradients and edges, which a JPEG does not make small. */
async function largePhoto(): Promise<Buffer> {
  const espresso = await sharp('public/samples/espresso.png').toBuffer();
  return sharp(espresso)
    .resize(4000, 3000, { fit: 'fill', kernel: 'nearest' })
    .jpeg({ quality: 95 })
    .toBuffer();
}

test('a photo of megabytes is answered for kilobytes, as if it had been sent', async ({
  classify,
  server,
  page,
}) => {
  const photo = await largePhoto();
  await classify.open(server.url);
  const answered = page.waitForResponse((response) => isPrediction(response.url()));
  await classify.choosePicture({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: photo });
  const response = await answered;
  expect(response.url()).toMatch(/prepared=[0-9a-f]{12}/);
  const answer = predictResponseSchema.parse(await response.json());
  expect(answer.image).toMatchObject({ prepared: true, width: 64, height: 64 });

  const headers = { 'Content-Type': 'application/octet-stream' };
  const whole = await page.request.post(`${server.url}/api/predict`, { headers, data: photo });
  const { predictions } = predictResponseSchema.parse(await whole.json());
  expect(answer.predictions.map(({ index }) => index)).toEqual(
    predictions.map(({ index }) => index),
  );
  const differences = predictions.map(({ score }, rank) =>
    Math.abs(answer.predictions[rank]!.score - score),
  );
  expect(Math.max(...differences)).toBeLessThanOrEqual(0.02);
  await expect(classify.answer).toContainText(/\d+\.\d kB of \d+\.\d MB sent/);
});

test('a picture prepared in another way than the server wants is sent whole', async ({
  classify,
  server,
  page,
}) => {
  const versions: (string | null)[] = [];
  await page.route('**/api/predict*', async (route) => {
    const url = new URL(route.request().url());
    versions.push(url.searchParams.get('prepared'));
    const old = url.href.replace(/prepared=\w+/, 'prepared=000000000000');
    await route.continue({ url: old });
  });
  await classify.open(server.url);
  const photo = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await largePhoto() };
  await classify.choosePicture(photo);
  await classify.expectAnswer('On the server', /./);
  await expect(classify.answer).not.toContainText('only what the model sees');
  expect(versions).toEqual([expect.stringMatching(/^[0-9a-f]{12}$/), null]);
});

test('a list says what was sent of its pictures, all together and of each', async ({
  server,
  page,
}) => {
  const many = new ManyPage(page);
  await many.open(server.url);
  const buffer = await largePhoto();
  await many.choose(
    ['one.jpg', 'two.jpg'].map((name) => ({ name, mimeType: 'image/jpeg', buffer })),
  );
  await many.expectDone('2 of 2 pictures answered');
  const sent = /This page sent \d+\.\d kB of \d+\.\d MB: only what the model sees\./;
  await expect(many.progress).toContainText(sent);
  await page.getByRole('button', { name: 'All labels of one.jpg' }).click();
  await expect(many.rows.first()).toContainText(sent);
});
