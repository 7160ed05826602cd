import type { Page } from 'playwright/test';
import { expect, test } from './support/test';

test.describe('with a camera', () => {
  test.use({ permissions: ['camera'] });

  test('its frames are classified on the device, one after the other, until it is stopped', async ({
    classify,
    server,
    page,
  }) => {
    const posts: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') posts.push(request.url());
    });
    await classify.open(server.url);
    await page.getByRole('button', { name: 'Live camera' }).click();
    await expect(page.getByText(/^\d+\.\d frames a second · .+ each$/)).toBeVisible();
    await expect(classify.ranking).toHaveCount(5);
    // Read out once it has led for a while.
    await expect(classify.announcement).not.toBeEmpty();
    expect(posts).toEqual([]);

    const track = await page.getByLabel('Live camera', { exact: true }).evaluateHandle((video) => {
      const stream = (video as HTMLVideoElement).srcObject as MediaStream;
      return stream.getVideoTracks()[0]!;
    });
    await page.getByRole('button', { name: 'Stop the camera' }).click();
    await expect(classify.dropZone).toBeVisible();
    await expect.poll(() => track.evaluate(({ readyState }) => readyState)).toBe('ended');
  });

  test('a frame is frozen, goes on, and becomes a picture like any other', async ({
    classify,
    server,
    page,
  }) => {
    await classify.open(server.url);
    await page.getByRole('button', { name: 'Live camera' }).click();
    await page.getByRole('button', { name: 'Freeze' }).click();
    await expect(page.getByText('Frozen')).toBeVisible();
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect(page.getByText(/^\d+\.\d frames a second · .+ each$/)).toBeVisible();
    await page.getByRole('button', { name: 'Freeze' }).click();
    await page.getByRole('button', { name: 'Use this picture' }).click();
    await expect(page.getByRole('img', { name: 'The picture camera.png' })).toBeVisible();
    await classify.expectAnswer('On the server', /./);
  });

  test('a hidden page gives the camera back, and takes it again when it is seen', async ({
    classify,
    server,
    page,
  }) => {
    await classify.open(server.url);
    await page.getByRole('button', { name: 'Live camera' }).click();
    const video = page.getByLabel('Live camera', { exact: true });
    const isFilming = () =>
      video.evaluate((element) => {
        const stream = (element as HTMLVideoElement).srcObject as MediaStream | null;
        return stream?.getVideoTracks()[0]?.readyState === 'live';
      });
    await expect.poll(isFilming).toBe(true);

    await setVisibility(page, 'hidden');
    await expect.poll(isFilming).toBe(false);
    await setVisibility(page, 'visible');
    await expect.poll(isFilming).toBe(true);
    await expect(page.getByText(/^\d+\.\d frames a second · .+ each$/)).toBeVisible();
  });
});

test('doubt about what it sees is shown and read out, and goes with what is seen', async ({
  classify,
  server,
  page,
}) => {
  await page.addInitScript(filmCanvas);
  await classify.open(server.url);
  await page.getByRole('button', { name: 'Live camera' }).click();
  const doubt = classify.answer.locator('p:not([role])', { hasText: 'Not sure: perhaps ' });
  await expect(doubt).toBeVisible();
  await expect(classify.announcement).toHaveText(/^Not sure: perhaps /);

  await page.evaluate(() =>
    window.dispatchEvent(new CustomEvent('film', { detail: '/samples/espresso.png' })),
  );
  await expect(doubt).toBeHidden();
  await expect(classify.announcement).toHaveText('espresso');
});

for (const [name, title] of [
  ['NotAllowedError', 'This page may not use the camera'],
  ['NotFoundError', 'No camera was found'],
  ['NotReadableError', 'The camera does not deliver pictures'],
] as const) {
  test(`${name} is said in words`, async ({ classify, server, page }) => {
    await page.addInitScript((given) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', given));
    }, name);
    await classify.open(server.url);
    await page.getByRole('button', { name: 'Live camera' }).click();
    await expect(classify.failure).toContainText(title);
  });
}

test('a page that is not secure has no camera, and says so', async ({ classify, server, page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'mediaDevices', { value: undefined });
  });
  await classify.open(server.url);
  await page.getByRole('button', { name: 'Live camera' }).click();
  await expect(classify.failure).toContainText('Browsers give the camera to secure pages only');
});

/** The camera films a blank page, and then the picture that an event "film" names. */
function filmCanvas(): void {
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
  const context = canvas.getContext('2d')!;
  const picture = new Image();
  const paint = () => {
    context.fillStyle = 'white';
    context.fillRect(0, 0, canvas.width, canvas.height);
    if (picture.complete) context.drawImage(picture, 80, 0, 480, 480);
  };
  setInterval(paint, 50);
  window.addEventListener('film', (event) => (picture.src = (event as CustomEvent<string>).detail));
  navigator.mediaDevices.getUserMedia = () => Promise.resolve(canvas.captureStream(20));
}

/** Headless pages are always seen; this one says otherwise, as a browser would. */
function setVisibility(page: Page, state: DocumentVisibilityState): Promise<void> {
  return page.evaluate((given) => {
    Object.defineProperty(document, 'visibilityState', { value: given, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
}
