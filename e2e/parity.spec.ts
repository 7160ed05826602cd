import { classifyOnServer, compare, report, type Comparison } from '../tests/compare';
import { makePictures } from '../harness/pictures';
import { classifyInPage, deviceInPage } from './support/device-in-page';
import { expect, test } from './support/test';

const CLASS_COUNT = 200;
const TOLERANCE = 0.02;
/** A first label that leads by more than this may not change hands. */
const SAFE_LEAD = 0.04;

test('server and browser give the same answer', async ({ page, server }) => {
  test.setTimeout(240_000);
  await page.goto(server.url);
  const device = await deviceInPage(page);
  const pictures = await makePictures();
  expect(pictures.length).toBeGreaterThanOrEqual(40);

  const comparisons: Comparison[] = [];
  for (const { name, bytes } of pictures) {
    const onServer = await classifyOnServer(server.url, bytes, CLASS_COUNT);
    const onDevice = await classifyInPage(device, bytes, CLASS_COUNT);
    comparisons.push(compare(name, onServer, onDevice));
  }

  console.info(report('Server and browser', comparisons));
  expect(comparisons.filter(({ largest }) => !(largest <= TOLERANCE))).toEqual([]);
  expect(comparisons.filter(({ lead, firstsAgree }) => lead > SAFE_LEAD && !firstsAgree)).toEqual(
    [],
  );
});
