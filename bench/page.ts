/** How soon the page is there, how still it stands, and how free it stays while the device predicts. */
import { chromium, type Browser, type Page } from 'playwright';
import { quantile } from '@/lib/shared/numbers/quantile';
import { ClassifyPage } from '../harness/pages/classify-page';
import { ensureChromium } from '../scripts/chromium';
import { startServer } from '../harness/server';
import { startEmptyPage } from './empty-page';

const RUNS = 5;
const CPU_SLOWDOWN = 4;
const LARGEST_SHIFT = 0.05;
const LONGEST_TASK_MS = 200;
const ANSWER_TIMEOUT_MS = 120_000;

interface Vitals {
  lcpMs: number;
  cls: number;
  longestTaskMs: number;
}

/** TypeScript's DOM types lack this entry. */
interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
}

declare global {
  interface Window {
    vitals: Vitals;
  }
}

type Samples = Record<keyof Vitals, number[]>;

/** Runs in the page before its scripts, so that nothing is missed. */
function observe(): void {
  const vitals: Vitals = { lcpMs: 0, cls: 0, longestTaskMs: 0 };
  window.vitals = vitals;
  for (const type of ['largest-contentful-paint', 'layout-shift', 'longtask']) {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as LayoutShift[]) {
        if (type === 'largest-contentful-paint') vitals.lcpMs = entry.startTime;
        else if (type === 'longtask')
          vitals.longestTaskMs = Math.max(vitals.longestTaskMs, entry.duration);
        else if (!entry.hadRecentInput) vitals.cls += entry.value;
      }
    }).observe({ type, buffered: true });
  }
}

async function withPage<T>(browser: Browser, use: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(ANSWER_TIMEOUT_MS);
    await page.addInitScript(observe);
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
    return await use(page);
  } finally {
    await context.close();
  }
}

const readVitals = (page: Page) => page.evaluate(() => window.vitals);

async function load(browser: Browser, url: string): Promise<Vitals> {
  return withPage(browser, async (page) => {
    await page.goto(url, { waitUntil: 'networkidle' });
    return readVitals(page);
  });
}

/** Measures the first answer on the device, which loads the model, and then two more. */
async function predict(browser: Browser, url: string): Promise<{ first: Vitals; next: Vitals }> {
  return withPage(browser, async (page) => {
    await page.goto(url, { waitUntil: 'networkidle' });
    const classify = new ClassifyPage(page);
    await classify.choose('This device');
    const forget = () => page.evaluate(() => (window.vitals.longestTaskMs = 0));
    const answer = async (sample: 'cat' | 'espresso', label: RegExp) => {
      await classify.pickSample(sample);
      await classify.ranking.first().filter({ hasText: label }).waitFor();
      await classify.answer.getByText('On this device', { exact: true }).waitFor();
    };
    await forget();
    await answer('cat', /tabby|Egyptian cat/);
    await classify.expectModelOnDevice();
    const first = { ...(await readVitals(page)) };
    await forget();
    await answer('espresso', /espresso/);
    await answer('cat', /tabby|Egyptian cat/);
    return { first, next: await readVitals(page) };
  });
}

function add(samples: Samples, { lcpMs, cls, longestTaskMs }: Vitals): void {
  samples.lcpMs.push(lcpMs);
  samples.cls.push(cls);
  samples.longestTaskMs.push(longestTaskMs);
}

function say(what: string, samples: Samples): Vitals {
  const of = (key: keyof Vitals) => quantile(samples[key], 0.5);
  const median = { lcpMs: of('lcpMs'), cls: of('cls'), longestTaskMs: of('longestTaskMs') };
  console.info(
    `${what.padEnd(28)} LCP ${median.lcpMs.toFixed(0)} ms, CLS ${median.cls.toFixed(3)}, longest task ${median.longestTaskMs.toFixed(0)} ms`,
  );
  return median;
}

const executablePath = await ensureChromium();
const [server, empty] = [await startServer(), await startEmptyPage()];
const browser = await chromium.launch({ executablePath });
try {
  const none = (): Samples => ({ lcpMs: [], cls: [], longestTaskMs: [] });
  const samples = { empty: none(), loaded: none(), first: none(), predicting: none() };
  for (let run = 0; run < RUNS; run++) {
    add(samples.empty, await load(browser, empty.url));
    add(samples.loaded, await load(browser, server.url));
    const { first, next } = await predict(browser, server.url);
    add(samples.first, first);
    add(samples.predicting, next);
  }
  console.info(`median of ${RUNS}, processor ${CPU_SLOWDOWN} times slower`);
  const bare = say('an empty Next page', samples.empty);
  const loaded = say('/ when loaded', samples.loaded);
  say('/ while the model is loaded', samples.first);
  const predicting = say('/ while the device predicts', samples.predicting);
  console.info(`LCP of / is ${(loaded.lcpMs / bare.lcpMs).toFixed(2)} of the empty page's`);
  const cls = Math.max(loaded.cls, predicting.cls);
  for (const [what, value, most] of [
    ['CLS', cls, LARGEST_SHIFT],
    ['longest task while predicting, ms', predicting.longestTaskMs, LONGEST_TASK_MS],
  ] as const) {
    const holds = value < most;
    console.info(`${what} ${value.toFixed(3)} (under ${most}) ${holds ? 'holds' : 'MISSED'}`);
    if (!holds) process.exitCode = 1;
  }
} finally {
  await browser.close();
  await empty.stop();
  await server.stop();
}
