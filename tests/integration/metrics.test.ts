/** /api/metrics: what is counted, and what docs/metrics.md says of it. */
import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeKey, postPicture, roomInWindow, smallPicture } from '../../harness/client';
import {
  metricsText,
  metricValue,
  parseMetrics,
  postJson,
  report,
  type MetricFamily,
} from '../metrics';
import { startServer, type TestServer } from '../../harness/server';

/** As docs/metrics.md names them: the client library's own. */
const GROUPS = ['nodejs_', 'process_'];

let server: TestServer;
let modelsDir: string;
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'sightline-metrics-'));
  modelsDir = await mkdtemp(path.join(tmpdir(), 'sightline-models-'));
  await cp('models', modelsDir, { recursive: true });
  // A model that cannot be read is measured too.
  await mkdir(path.join(modelsDir, 'broken'));
  server = await startServer({
    MODELS_DIR: modelsDir,
    DATA_DIR: dataDir,
    INFERENCE_WORKERS: '1',
    QUEUE_LIMIT: '1',
    BATCH_PER_MINUTE: '1',
  });
});
afterAll(async () => {
  await server.stop();
  await rm(modelsDir, { recursive: true });
  await rm(dataDir, { recursive: true });
});

/** By how much each series grows while something is done. */
async function growth<Series extends string>(
  work: () => Promise<unknown>,
  ...series: Series[]
): Promise<Record<Series, number>> {
  const before = await metricsText(server.url);
  await work();
  const after = await metricsText(server.url);
  const grown = series.map((name) => [name, metricValue(after, name) - metricValue(before, name)]);
  return Object.fromEntries(grown) as Record<Series, number>;
}

describe('counts', () => {
  test('a picture that is inferred, and then found', async () => {
    const picture = await smallPicture(1);
    const work = async () => {
      await postPicture(server.url, picture);
      await postPicture(server.url, picture);
    };
    const expected = {
      'sightline_http_requests_total{route="predict",method="POST",status="200"}': 2,
      'sightline_http_request_duration_seconds_count{route="predict"}': 2,
      'sightline_stage_duration_seconds_count{stage="decode"}': 1,
      'sightline_stage_duration_seconds_count{stage="queue"}': 1,
      'sightline_stage_duration_seconds_count{stage="inference"}': 1,
      'sightline_predictions_total{model="tiny-imagenet-200",source="server"}': 2,
      'sightline_cache_requests_total{result="memory"}': 1,
      'sightline_cache_requests_total{result="miss"}': 1,
      sightline_cache_memory_entries: 1,
    };
    const names = Object.keys(expected) as (keyof typeof expected)[];
    expect(await growth(work, ...names)).toEqual(expected);
  });

  test('what browsers report, with reasons that anybody made up as one', async () => {
    const reports = [
      report(),
      report({ backend: 'webgpu', reason: 'made up' }),
      report({ backend: 'webgpu', reason: 'made up too' }),
    ];
    const address = `${server.url}/api/predictions/report`;
    const expected = {
      'sightline_browser_predictions_total{backend="wasm",reason="offline"}': 1,
      'sightline_browser_predictions_total{backend="webgpu",reason="other"}': 2,
      'sightline_predictions_total{model="tiny-imagenet-200",source="browser"}': 3,
    };
    const names = Object.keys(expected) as (keyof typeof expected)[];
    const work = () => postJson(address, { reports });
    expect(await growth(work, ...names)).toEqual(expected);
    expect(Object.values(await growth(work, ...names))).toEqual([0, 0, 0]);
  });

  test('feedback, once', async () => {
    const said = { id: 'said-only-once', model: 'tiny-imagenet-200', label: 'espresso' };
    const work = async () => {
      await postJson(`${server.url}/api/feedback`, { ...said, correct: false });
      await postJson(`${server.url}/api/feedback`, { ...said, correct: false });
    };
    const series = 'sightline_feedback_total{verdict="wrong"}';
    expect(await growth(work, series)).toEqual({ [series]: 1 });
  });

  test('requests over a quota', async () => {
    await roomInWindow(10_000);
    const statuses: number[] = [];
    const work = async () => {
      for (let i = 0; i < 3; i++) {
        const response = await fetch(`${server.url}/api/predict/batch`, { method: 'POST' });
        statuses.push(response.status);
      }
    };
    const series = 'sightline_limited_total{policy="batch"}';
    const grown = await growth(work, series);
    expect(statuses.slice(1)).toEqual([429, 429]);
    expect(grown).toEqual({ [series]: 2 });
  });

  test('pictures that find no room', async () => {
    const pictures = await Promise.all(Array.from({ length: 20 }, (_, i) => smallPicture(100 + i)));
    let refused = 0;
    const work = async () => {
      const answers = await Promise.all(pictures.map((one) => postPicture(server.url, one)));
      refused = answers.filter(({ status }) => status === 503).length;
    };
    const series = 'sightline_shed_total{reason="queue"}';
    const grown = await growth(work, series);
    expect(refused).toBeGreaterThan(0);
    expect(grown).toEqual({ [series]: refused });
  });

  test('addresses that anybody made up as one route', async () => {
    const work = async () => {
      await fetch(`${server.url}/api/made-up-1`);
      await fetch(`${server.url}/v2/models/made-up-2/x`);
    };
    const series = 'sightline_http_requests_total{route="unknown",method="GET",status="404"}';
    expect(await growth(work, series)).toEqual({ [series]: 2 });
    expect(await metricsText(server.url)).not.toContain('made-up');
  });
});

describe('what is measured', () => {
  let families: MetricFamily[];

  beforeAll(async () => {
    await postJson(`${server.url}/api/predictions/report`, { reports: [report()] });
    const key = await makeKey({ DATA_DIR: dataDir }, '--name', 'measured');
    await postPicture(server.url, await smallPicture(), { 'x-api-key': key });
    families = parseMetrics(await metricsText(server.url));
  });

  test('has the names, types and descriptions of Prometheus’ conventions', () => {
    const own = families.filter(({ name }) => name.startsWith('sightline_'));
    const misnamed = own.filter(
      ({ name, type }) => (type === 'counter') !== name.endsWith('_total'),
    );
    expect(misnamed).toEqual([]);
    expect(own.filter(({ name }) => /_(ms|milliseconds|[kmg]i?b)(_|$)/.test(name))).toEqual([]);
    expect(own.filter(({ help }) => !help.endsWith('.'))).toEqual([]);
    const others = families.filter(
      ({ name }) => !['sightline_', ...GROUPS].some((prefix) => name.startsWith(prefix)),
    );
    expect(others).toEqual([]);
  });

  test('stands in docs/metrics.md with its type and labels, and nothing else does', () => {
    const rows = readFileSync('docs/metrics.md', 'utf8').matchAll(/^\| `.*\|$/gm);
    const described = [...rows].map(([row]) => {
      const [name, type, labels] = row.replaceAll('`', '').split('|').slice(1, 4);
      return [name, type, labels]
        .map((cell) => cell!.trim())
        .join(' ')
        .trim();
    });
    const groups = GROUPS.map((prefix) => `${prefix}*`);
    const measured = families
      .filter(({ name }) => name.startsWith('sightline_'))
      .map(({ name, type, labelNames }) => `${name} ${type} ${labelNames.join(', ')}`.trim());
    expect(described.sort()).toEqual([...measured, ...groups].sort());
  });
});
