/**
 * npm run bench:prepared [-- --rounds 9]: a photo of twelve megapixels over a slow line, prepared by
 * the page and sent as it is, in turns. Time until the answer is there, bytes that the browser
 * sends, and the server's processor time, with the shipped model and with one of 224 × 224.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright';
import sharp from 'sharp';
import { quantile } from '@/lib/shared/numbers/quantile';
import { startCountingProxy, type CountingProxy } from '../harness/counting-proxy';
import { SOUND_MODELS, writeModel } from '../harness/models/folders';
import { ClassifyPage } from '../harness/pages/classify-page';
import { childrenOf } from '../harness/processes';
import { startServer, type TestServer } from '../harness/server';
import { buildIfStale } from '../scripts/build';
import { ensureChromium } from '../scripts/chromium';
import { describeRatio, ratioOf, type Bound } from './limit/ratio';
import { processorMs } from './loadtest/processor-time';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } });
const ROUNDS = Number(values.rounds);
/** In the warm-up the page starts its decoder, and the server sees such a picture. */
const WARMUP_ROUNDS = 1;

const SHIPPED = 'tiny-imagenet-200';
const LARGER = 'convnext-crop-pct';
const MEGABIT_BYTES = 1e6 / 8;
const LINE = {
  offline: false,
  latency: 60,
  uploadThroughput: 5 * MEGABIT_BYTES,
  downloadThroughput: 20 * MEGABIT_BYTES,
};
const ANSWER_TIMEOUT_MS = 120_000;

type Measure = 'ms' | 'bytes' | 'processorMs';
type Figures = Readonly<Record<Measure, number>>;

const MEASURES: readonly { readonly measure: Measure; readonly what: string; most: number }[] = [
  { measure: 'ms', what: 'time to the answer, prepared / as it is', most: 1 / 5 },
  { measure: 'bytes', what: 'bytes sent, prepared / as it is', most: 1 / 100 },
  { measure: 'processorMs', what: "server's processor time, prepared / as it is", most: 1 / 5 },
];

interface Picture {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const PHOTO = { width: 4000, height: 3000 };
/** Noise that makes the files about 4 MB, like a phone's. */
const GRAIN = { type: 'gaussian', mean: 128, sigma: 45 } as const;

let grain: Promise<Buffer> | undefined;

/** A picture like a phone's, with different pixels for each number, so that no cache has it. */
async function makePhoto(number: number): Promise<Picture> {
  grain ??= sharp({
    create: { ...PHOTO, channels: 3, background: '#808080', noise: GRAIN },
  })
    .raw()
    .toBuffer();
  const buffer = await sharp('public/samples/rocket.jpg')
    .resize(PHOTO.width + 100, PHOTO.height + 100, { fit: 'cover' })
    .extract({ left: number * 3, top: number * 2, ...PHOTO })
    .composite([{ input: await grain, raw: { ...PHOTO, channels: 3 }, blend: 'soft-light' }])
    .jpeg({ quality: 85 })
    .toBuffer();
  return { name: `photo-${number}.jpg`, mimeType: 'image/jpeg', buffer };
}

/** Waits for the one request that `act` causes. Returns the time from the choice of the picture. */
async function timeOf(page: Page, act: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    performance.clearResourceTimings();
    document.addEventListener('change', () => performance.mark('chosen'), {
      capture: true,
      once: true,
    });
  });
  const [response] = await Promise.all([page.waitForResponse(/\/api\/predict/), act()]);
  if (!response.ok()) throw new Error(`answered ${response.status()}: ${await response.text()}`);
  await response.finished();
  return page.evaluate(() => {
    const answers = performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.includes('/api/predict')) as PerformanceResourceTiming[];
    const [chosen] = performance.getEntriesByName('chosen').slice(-1);
    return answers.at(-1)!.responseEnd - chosen!.startTime;
  });
}

/** Sends the file whole, like a page without preparation. */
async function sendAsItIs(page: Page, picture: Picture, model: string): Promise<number> {
  await page.evaluate((id) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.id = 'as-it-is';
    input.onchange = () => {
      void fetch(`/api/predict?model=${id}`, { method: 'POST', body: input.files![0]! }).then(
        (answer) => answer.text(),
      );
      input.remove();
    };
    document.body.append(input);
  }, model);
  return timeOf(page, () => page.locator('#as-it-is').setInputFiles(picture));
}

async function sendPrepared(page: Page, picture: Picture): Promise<number> {
  return timeOf(page, () => new ClassifyPage(page).choosePicture(picture));
}

async function measure(
  server: TestServer,
  proxy: CountingProxy,
  send: () => Promise<number>,
): Promise<Figures> {
  const pids = [server.pid, ...(await childrenOf(server.pid))];
  const [sentBefore, processorBefore] = [proxy.sent(), await processorMs(pids)];
  const ms = await send();
  return {
    ms,
    bytes: proxy.sent() - sentBefore,
    processorMs: (await processorMs(pids)) - processorBefore,
  };
}

async function openPage(url: string, model: string) {
  const browser = await chromium.launch({ executablePath: await ensureChromium() });
  const page = await (await browser.newContext({ serviceWorkers: 'block' })).newPage();
  page.setDefaultTimeout(ANSWER_TIMEOUT_MS);
  await page.goto(`${url}/?model=${model}`, { waitUntil: 'networkidle' });
  const classify = new ClassifyPage(page);
  await classify.choose('Server');
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', LINE);
  return { page, close: () => browser.close() };
}

function say(model: string, asItIs: readonly Figures[], prepared: readonly Figures[]): boolean {
  const median = (figures: readonly Figures[], of: Measure) =>
    quantile(
      figures.map((figure) => figure[of]),
      0.5,
    );
  let allHold = true;
  for (const { measure: of, what, most } of MEASURES) {
    // Ticks of ten milliseconds are too coarse for one small picture, so sums are compared.
    const series = (figures: readonly Figures[]) =>
      of === 'processorMs'
        ? [figures.reduce((sum, figure) => sum + figure[of], 0)]
        : figures.map((figure) => figure[of]);
    const bound: Bound = model === SHIPPED ? { most } : {};
    const ratio = ratioOf(series(prepared), series(asItIs));
    const { text, holds } = describeRatio(`${model}, ${what}`, ratio, bound);
    const medians = `medians ${median(prepared, of).toFixed(0)} and ${median(asItIs, of).toFixed(0)}`;
    console.info(`${text}; ${medians}`);
    allHold &&= holds;
  }
  return allHold;
}

async function compare(server: TestServer, proxy: CountingProxy, model: string): Promise<boolean> {
  const { page, close } = await openPage(proxy.url, model);
  const [asItIs, prepared]: [Figures[], Figures[]] = [[], []];
  try {
    for (let round = -WARMUP_ROUNDS; round < ROUNDS; round++) {
      const [first, second] = [
        await makePhoto(2 * (round + WARMUP_ROUNDS)),
        await makePhoto(2 * (round + WARMUP_ROUNDS) + 1),
      ];
      const plain = await measure(server, proxy, () => sendAsItIs(page, first, model));
      const small = await measure(server, proxy, () => sendPrepared(page, second));
      if (round < 0) continue;
      asItIs.push(plain);
      prepared.push(small);
    }
  } finally {
    await close();
  }
  return say(model, asItIs, prepared);
}

await buildIfStale();
const modelsDir = await mkdtemp(path.join(tmpdir(), 'sightline-models-'));
await cp(`models/${SHIPPED}`, path.join(modelsDir, SHIPPED), { recursive: true });
await writeModel(path.join(modelsDir, LARGER), SOUND_MODELS[LARGER]!);
const server = await startServer({ MODELS_DIR: modelsDir, DEFAULT_MODEL: SHIPPED });
try {
  await using proxy = await startCountingProxy(server.url);
  for (const model of [SHIPPED, LARGER]) {
    if (!(await compare(server, proxy, model))) process.exitCode = 1;
  }
} finally {
  await server.stop();
  await rm(modelsDir, { recursive: true });
}
