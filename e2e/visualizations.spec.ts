import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from 'playwright/test';
import { csvOf } from '../components/charts/table';
import {
  visualizationsResponseSchema,
  type Chart,
  type VisualizationsResponse,
} from '../lib/shared/contract/statistics';
import { predictResponseSchema } from '../lib/shared/contract/predict';
import { startServer, type TestServer } from '../harness/server';
import { seedWeek } from '../harness/week';
import { expect, test } from './support/test';

// Sentences are English; numbers and dates are the visitor's, whoever that is.
test.use({ locale: 'en-GB' });

const LINES = ['throughput', 'latency', 'status', 'source', 'cache'];
const COUNTED = [
  ...LINES,
  'confidence',
  'uncertain',
  'labels',
  'drift',
  'feedback',
  'wrong-labels',
];
const MODEL = ['calibration', 'confusion', 'class-accuracy'];
const ALL = [...COUNTED, ...MODEL];

function figure(page: Page, id: string): Locator {
  return page.locator(`figure[data-chart="${id}"]`);
}

/** Every chart is there, and what has figures is drawn. */
async function open(page: Page, url: string, search = ''): Promise<void> {
  await page.goto(`${url}/visualizations${search}`);
  await expect(page.locator('figure[aria-busy="false"]')).toHaveCount(ALL.length);
}

async function ask(url: string, window: string): Promise<VisualizationsResponse> {
  const response = await fetch(`${url}/api/visualizations?window=${window}`);
  return visualizationsResponseSchema.parse(await response.json());
}

/** The page gets what the API has answered once: each further question would count as a request. */
async function holdAnswer(page: Page, answer: VisualizationsResponse): Promise<void> {
  await page.route('**/api/visualizations*', (route) => route.fulfill({ json: answer }));
}

async function download(page: Page, button: Locator): Promise<{ name: string; text: string }> {
  const downloading = page.waitForEvent('download');
  await button.click();
  const file = await downloading;
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

test.describe('a week', () => {
  let server: TestServer;
  let dataDir: string;

  test.beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'sightline-week-'));
    await seedWeek(dataDir, Date.now());
    server = await startServer({ DATA_DIR: dataDir });
  });
  test.afterAll(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true });
  });

  test('every chart says its sentence and is drawn', async ({ page }) => {
    const answer = await ask(server.url, '7d');
    await holdAnswer(page, answer);
    await open(page, server.url, '?window=7d');
    for (const { id, title } of answer.charts) {
      await expect(figure(page, id).getByRole('heading', { level: 3 })).toHaveText(title);
      await expect(figure(page, id).locator('svg').first()).toBeVisible();
    }
    expect(answer.charts.map(({ id }) => id).sort()).toEqual([...ALL].sort());
  });

  test('every chart is a CSV file that holds exactly what the API said', async ({ page }) => {
    const answer = await ask(server.url, '7d');
    await holdAnswer(page, answer);
    await open(page, server.url, '?window=7d');
    for (const chart of answer.charts) {
      const button = figure(page, chart.id).getByRole('button', { name: /^CSV: / });
      const { name, text } = await download(page, button);
      expect(name).toBe(`sightline-${chart.id}-7d-${answer.to.slice(0, 10)}.csv`);
      expect(text).toBe(csvOf(chart));
    }
  });

  test('every chart is an SVG file that stands alone and has the API’s points', async ({
    page,
  }) => {
    const answer = await ask(server.url, '7d');
    await holdAnswer(page, answer);
    await open(page, server.url, '?window=7d');
    for (const chart of answer.charts) {
      const button = figure(page, chart.id).getByRole('button', { name: /^SVG: / });
      const { name, text } = await download(page, button);
      expect(name).toBe(`sightline-${chart.id}-7d-${answer.to.slice(0, 10)}.svg`);
      expect(text).not.toContain('var(');
      const svg = await page.evaluate(parseSvg, text);
      expect([chart.id, svg.root, svg.title]).toEqual([chart.id, 'svg', chart.title]);
    }
    const latency = answer.charts.find(({ id }) => id === 'latency')!;
    const button = page.getByRole('button', { name: 'SVG: download Latency' });
    const { lines } = await page.evaluate(parseSvg, (await download(page, button)).text);
    expect(lines).toHaveLength(latency.series.length);
    for (const [i, { points }] of latency.series.entries()) {
      const values = points.flatMap(([, value]) => (value === null ? [] : [value]));
      expect(lines[i]).toHaveLength(values.length);
      // The highest value is highest on the screen, the lowest lowest.
      expect(values[lines[i]!.indexOf(Math.min(...lines[i]!))]).toBe(Math.max(...values));
      expect(values[lines[i]!.indexOf(Math.max(...lines[i]!))]).toBe(Math.min(...values));
    }
  });

  test('every chart is a table', async ({ page }) => {
    const answer = await ask(server.url, '7d');
    await holdAnswer(page, answer);
    await open(page, server.url, '?window=7d');
    for (const chart of answer.charts) {
      const toggle = figure(page, chart.id).getByRole('button', { name: /^Table: / });
      await toggle.click();
      await expect(toggle).toHaveAttribute('aria-pressed', 'true');
      const table = figure(page, chart.id).getByRole('table', { name: chart.title });
      await expect(table.getByRole('row')).toHaveCount(1 + Math.min(50, rowsOf(chart)));
    }
    const throughput = figure(page, 'throughput');
    await expect(throughput).toContainText('First 50 of 168 rows; the CSV has all.');
    await throughput.getByRole('button', { name: 'Show more' }).click();
    await expect(throughput.getByRole('row')).toHaveCount(101);
    await throughput.getByRole('button', { name: /^Table: / }).click();
    await expect(throughput.getByRole('table')).toHaveCount(0);
  });

  test('the window stands in the address and survives a reload', async ({ page }) => {
    await open(page, server.url);
    await expect(page.getByRole('radio', { name: '1 hour' })).toBeChecked();
    await page.getByRole('radio', { name: '24 hours' }).click();
    await expect(page).toHaveURL(/\?window=24h$/);
    await expect(figure(page, 'throughput')).toContainText('in the last 24 hours');
    await page.reload();
    await expect(page.getByRole('radio', { name: '24 hours' })).toBeChecked();
    await expect(figure(page, 'throughput')).toContainText('in the last 24 hours');
  });

  test('refreshes itself; what is there stays until the new is', async ({ page }) => {
    const first = await ask(server.url, '1h');
    const second = retitled(first, 'Something else was measured');
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    let asked = 0;
    await page.route('**/api/visualizations*', async (route) => {
      if (asked++ === 0) return route.fulfill({ json: first });
      await released;
      return route.fulfill({ json: second });
    });
    await page.clock.install();
    await open(page, server.url);
    const before = await figure(page, 'latency').locator('svg').first().elementHandle();
    await page.clock.fastForward(11_000);
    await expect.poll(() => asked).toBe(2);
    await expect(figure(page, 'latency')).toContainText(first.charts[1]!.title);
    release();
    await expect(figure(page, 'latency')).toContainText('Something else was measured');
    // The very same drawing, changed in place.
    expect(await before?.evaluate((svg) => svg.isConnected)).toBe(true);
  });

  test('says that the server does not answer, and shows what it said last', async ({ page }) => {
    await page.clock.install();
    await open(page, server.url);
    await page.route('**/api/visualizations*', (route) => route.fulfill({ status: 503 }));
    await page.clock.fastForward(11_000);
    await expect(
      page.getByText(/^The server does not give its figures now; these are of/),
    ).toBeVisible();
    await expect(figure(page, 'latency').locator('svg').first()).toBeVisible();
  });

  test('a window of before, and the one before it beside it, stand in the address', async ({
    page,
  }) => {
    const untilMs = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 24 * 3_600_000;
    const until = new Date(untilMs).toISOString();
    await open(page, server.url, `?window=24h&until=${until}`);
    await expect(figure(page, 'throughput')).toContainText('in those 24 hours');
    await page.getByRole('button', { name: 'Period before' }).click();
    await expect(page).toHaveURL(/compare=before/);
    await expect(figure(page, 'throughput')).toContainText(/The period before: [\d,]+ requests/);
    await expect(figure(page, 'calibration')).not.toContainText('The period before');
    await page.getByRole('button', { name: 'Until now' }).click();
    await expect(figure(page, 'throughput')).toContainText('in the last 24 hours');
  });

  test.describe('a visitor from elsewhere', () => {
    test.use({ locale: 'de-DE', timezoneId: 'Europe/Berlin' });

    test('reads numbers and dates as at home, in sentences as in drawings', async ({ page }) => {
      const errors: string[] = [];
      page.on('pageerror', ({ message }) => errors.push(message));
      await holdAnswer(page, await ask(server.url, '7d'));
      await open(page, server.url, '?window=7d');
      await expect(figure(page, 'throughput').getByRole('heading', { level: 3 })).toHaveText(
        /^\d{1,3}(\.\d{3})+ requests were answered in the last 7 days, at most \d\.\d{3} in an hour$/,
      );
      const drawing = figure(page, 'throughput').locator('svg').first();
      await expect(drawing).toContainText('2.000');
      await expect(drawing).toContainText(/(Mo|Di|Mi)\., \d+\./);
      await expect(page.getByText(/\w{2}\., \d+\. \w+.*\(Europe\/Berlin\)/).first()).toBeVisible();
      expect(errors).toEqual([]);
    });
  });

  test('latency shows where an alert comes, once it is near', async ({ page }) => {
    const answer = await ask(server.url, '7d');
    await holdAnswer(page, answer);
    await open(page, server.url, '?window=7d');
    const latency = figure(page, 'latency');
    await expect(latency).toContainText('when 5 % of predictions take over 1 s for 10 minutes');
    await expect(latency.locator('svg').getByText('alert')).toHaveCount(0);

    await holdAnswer(page, slowed(answer));
    await open(page, server.url, '?window=7d');
    await expect(latency.locator('svg').getByText('alert')).toBeVisible();
  });

  test('prints its date and window, without what is there to be pressed', async ({ page }) => {
    await open(page, server.url, '?window=7d');
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.length).toBeGreaterThan(50_000);
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g) ?? [];
    expect(pages.length).toBeGreaterThan(2);

    await page.emulateMedia({ media: 'print' });
    await expect(page.getByRole('banner')).toBeHidden();
    await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
    await expect(
      page.getByText(/^The last 7 days, \w{3},? \d+ \w+.*printed \d+ \w+ \d{4}$/),
    ).toBeVisible();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [390, 1440]) {
      test(`axe finds nothing in ${colorScheme}, ${width} px wide, drawn or as a table`, async ({
        page,
      }) => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await open(page, server.url, '?window=24h');
        await page.getByRole('button', { name: 'Table: Latency' }).click();
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      });
    }
  }

  for (const width of [320, 390]) {
    test(`nothing scrolls sideways at ${width} px`, async ({ page }) => {
      await page.setViewportSize({ width, height: 800 });
      await open(page, server.url, '?window=7d');
      const surplus = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(surplus).toBe(0);
    });
  }
});

test('an empty installation says of each chart what will appear and how', async ({
  page,
  ownServer,
}) => {
  await open(page, ownServer.url);
  // The page's own questions are not among the requests.
  for (const id of COUNTED) {
    await expect(figure(page, id)).toContainText(/begins\.$/);
    await expect(figure(page, id).getByRole('button')).toHaveCount(0);
  }
  for (const id of MODEL) {
    await expect(figure(page, id).getByRole('heading', { level: 3 })).toContainText('pictures)');
    await expect(figure(page, id).locator('svg').first()).toBeVisible();
  }
});

test('one request is drawn', async ({ page, ownServer }) => {
  const body = await readFile('public/samples/espresso.png');
  const headers = { 'Content-Type': 'application/octet-stream' };
  await fetch(`${ownServer.url}/api/predict`, { method: 'POST', headers, body });
  await open(page, ownServer.url);
  await expect(figure(page, 'labels')).toContainText('“espresso” was the label most often');
  await expect(figure(page, 'source')).toContainText('The server classified every picture');
  // No line through one point: a dot for each percentile.
  await expect(figure(page, 'latency').locator('circle')).toHaveCount(3);
});

test('what visitors say of answers is drawn', async ({ page, ownServer }) => {
  const feedback = (data: unknown) => page.request.post(`${ownServer.url}/api/feedback`, { data });
  const headers = { 'Content-Type': 'application/octet-stream' };
  const data = await readFile('public/samples/espresso.png');
  for (const correct of [true, false]) {
    const asked = await page.request.post(`${ownServer.url}/api/predict`, { headers, data });
    const { id, model, predictions, signature } = predictResponseSchema.parse(await asked.json());
    const { label } = predictions[0]!;
    await feedback({ id, model: model.id, label, correct, signature });
  }
  await open(page, ownServer.url);
  await expect(figure(page, 'feedback')).toContainText('Visitors called 1 of 2 answers wrong');
  await expect(figure(page, 'wrong-labels')).toContainText(
    '“espresso” was called wrong most often',
  );

  // Without the signature of an answer it may be of any.
  const id = '0190b3c4-0000-7000-8000-000000000001';
  await feedback({ id, model: 'tiny-imagenet-200', label: 'espresso', correct: false });
  await open(page, ownServer.url);
  await expect(figure(page, 'feedback')).toContainText(
    'Visitors called 1 of 2 answers wrong; browsers reported 1 more',
  );
});

test('the library that draws is loaded by this page only', async ({ page, server }) => {
  const scripts: string[] = [];
  page.on('response', async (response) => {
    if (response.request().resourceType() === 'script') scripts.push(await response.text());
  });
  const withCharts = () => scripts.filter((text) => text.includes('recharts-surface')).length;
  await page.goto(server.url, { waitUntil: 'networkidle' });
  expect([scripts.length > 0, withCharts()]).toEqual([true, 0]);
  await open(page, server.url);
  await expect.poll(withCharts).toBeGreaterThan(0);
});

function rowsOf({ kind, series }: Chart): number {
  const lengths = series.map(({ points }) => points.length);
  return kind === 'heat' ? lengths.reduce((sum, length) => sum + length, 0) : Math.max(...lengths);
}

function retitled(answer: VisualizationsResponse, title: string): VisualizationsResponse {
  const to = new Date(Date.parse(answer.to) + 1000).toISOString();
  return { ...answer, to, charts: answer.charts.map((chart) => ({ ...chart, title })) };
}

/** As it would be on a machine ten times slower. */
function slowed(answer: VisualizationsResponse): VisualizationsResponse {
  const slower = (chart: Chart): Chart['series'] =>
    chart.series.map((series) => ({
      ...series,
      points: series.points.map(([at, ms]) => [at, ms === null ? null : ms * 10]),
    }));
  const charts = answer.charts.map((chart) =>
    chart.id === 'latency' ? { ...chart, series: slower(chart) } : chart,
  );
  return { ...answer, charts };
}

/** In the page: what a file says, and the height of each point of each line in it. */
function parseSvg(text: string): { root: string; title: string; lines: number[][] } {
  const file = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  const paths = [...file.querySelectorAll('path')].filter(
    (path) => path.getAttribute('fill') === 'none' && path.getAttribute('name'),
  );
  const heights = (path: Element) =>
    [...(path.getAttribute('d') ?? '').matchAll(/[ML]\s*[-\d.]+[, ]([-\d.]+)/g)].map(([, y]) =>
      Number(y),
    );
  return {
    root: file.tagName,
    title: file.querySelector('title')?.textContent ?? '',
    lines: paths.map(heights),
  };
}
