import { makeFiles, ManyPage } from '../harness/pages/many-page';
import { expect, test } from './support/test';

const PIXELS =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==';

test('the picture and its answer are there again after another page, Back and a reload', async ({
  classify,
  page,
  server,
}) => {
  let asked = 0;
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/predict') asked++;
  });
  await classify.open(server.url);
  await classify.pickSample('espresso');
  await classify.expectAnswer('On the server', 'espresso');

  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  await page.getByRole('link', { name: 'Classify', exact: true }).click();
  await classify.expectAnswer('On the server', 'espresso');
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByText('1 answer', { exact: true })).toBeVisible();
  await page.goBack();
  await classify.expectAnswer('On the server', 'espresso');

  await classify.expectKept();
  await page.reload();
  await classify.expectAnswer('On the server', 'espresso');
  await expect(page.getByRole('img', { name: 'The picture espresso.png' })).toBeVisible();
  expect(asked).toBe(1);
});

test('Escape takes the picture away, and Undo brings it back', async ({
  classify,
  page,
  server,
}) => {
  await classify.open(server.url);
  await classify.pickSample('espresso');
  await classify.expectAnswer('On the server', 'espresso');
  await page.keyboard.press('Escape');
  await expect(classify.dropZone).toBeVisible();
  await page.getByRole('button', { name: 'Bring back espresso.png' }).click();
  await classify.expectAnswer('On the server', 'espresso');

  await classify.pickSample('teapot');
  await classify.expectAnswer('On the server', 'teapot');
  await page.getByRole('button', { name: 'Bring back espresso.png' }).click();
  await classify.expectAnswer('On the server', 'espresso');
});

test('a drop anywhere is taken, on every page, and what will happen is said', async ({
  classify,
  page,
  server,
}) => {
  await page.goto(`${server.url}/models`);
  await page.getByRole('heading', { name: 'Models', level: 1 }).waitFor();
  await classify.drop('public/samples/espresso.png');
  await classify.expectAnswer('On the server', 'espresso');

  const transfer = await page.evaluateHandle(() => {
    const made = new DataTransfer();
    made.items.add(new File(['x'], 'x.png', { type: 'image/png' }));
    return made;
  });
  await page.getByRole('banner').dispatchEvent('dragenter', { dataTransfer: transfer });
  await expect(page.getByText('Drop to classify this picture')).toBeVisible();
});

test('where the browser stores nothing, a drop still reaches the page it is for', async ({
  classify,
  page,
  server,
}) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    CacheStorage.prototype.has = () => Promise.reject(new DOMException('', 'SecurityError'));
  });
  await page.goto(`${server.url}/models`);
  await page.getByRole('heading', { name: 'Models', level: 1 }).waitFor();
  await classify.drop('public/samples/espresso.png');
  await classify.expectAnswer('On the server', 'espresso');
  await classify.drop('public/samples/cat.png', 'public/samples/espresso.png');
  await new ManyPage(page).expectDone('2 of 2 pictures answered');
});

test('an address that is dropped gets the sentence that pasting has; a data URL is a picture', async ({
  classify,
  page,
  server,
}) => {
  await classify.open(server.url);
  await classify.dropText('text/uri-list', 'https://example.org/cat.png');
  await expect(classify.failure).toContainText('Addresses are not fetched');
  await expect(page.getByRole('button', { name: 'Try again' })).toHaveCount(0);
  await classify.dropText('text/html', `<img src="${PIXELS}">`);
  await classify.expectAnswer('On the server', /./);
  await classify.pasteText(PIXELS);
  await classify.expectAnswer('On the server', /./);
  await expect(page.getByText('picture.png')).toBeVisible();
});

test('finished rows are there again after a reload, and a cleared list comes back', async ({
  page,
  server,
}) => {
  const many = new ManyPage(page);
  await many.open(server.url);
  await many.choose(await makeFiles(3));
  await many.expectDone('3 of 3 pictures answered');
  await many.expectKept(3);
  await page.reload();
  await many.expectDone('3 of 3 pictures answered');
  await expect(many.rows.first()).toContainText('picture-0001.jpg');

  await page.getByRole('button', { name: 'Clear the list' }).click();
  await expect(page.getByText('Drop a folder')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await many.expectDone('3 of 3 pictures answered');
});

test('an answer that was deleted from the history comes back', async ({
  classify,
  page,
  server,
}) => {
  await classify.open(server.url);
  await classify.pickSample('espresso');
  await classify.expectAnswer('On the server', 'espresso');
  await page.getByRole('link', { name: 'History' }).click();
  await page.getByRole('button', { name: 'Details of espresso.png' }).click();
  await page.getByRole('button', { name: 'Delete espresso.png' }).click();
  await expect(page.getByText('Each answer you get appears here')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('button', { name: 'Details of espresso.png' })).toBeVisible();
});
