import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { predictResponseSchema } from '@/lib/shared/contract/predict';
import {
  statisticsResponseSchema,
  uptimeResponseSchema,
  visualizationsResponseSchema,
} from '@/lib/shared/contract/statistics';
import { postPicture, smallPicture, statistics } from '../../harness/client';
import { startRedis, type TestRedis } from '../../harness/redis';
import { startServer, type TestServer } from '../../harness/server';

let redis: TestRedis;
const servers: TestServer[] = [];

beforeAll(async () => {
  redis = await startRedis();
});

afterAll(() => redis.stop());

afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

async function start(settings: Record<string, string> = {}): Promise<TestServer> {
  const server = await startServer(settings);
  servers.push(server);
  return server;
}

function postJson(url: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

describe('what is counted', () => {
  test('every answer once, each dimension by itself', async () => {
    const server = await start({ PREDICT_PER_MINUTE: '4' });
    const picture = await smallPicture();
    const statuses: number[] = [];
    for (const bytes of [picture, picture, Buffer.from('text'), await smallPicture(9), picture]) {
      statuses.push((await postPicture(server.url, bytes)).status);
    }
    expect(statuses).toEqual([200, 200, 415, 200, 429]);
    const { totals, latencyMs, series } = statisticsResponseSchema.parse(
      await statistics(server.url),
    );
    expect(totals).toMatchObject({
      requests: 5,
      predictions: 3,
      images: 3,
      limited: 1,
      refused: 1,
      failed: 0,
      shed: 0,
      byStatus: { 200: 3, 415: 1, 429: 1 },
      bySource: { server: 3, browser: 0 },
      byModel: { 'tiny-imagenet-200': 3 },
      cache: { hits: 1, misses: 2 },
    });
    expect(Object.values(totals.byLabel).reduce((sum, n) => sum + n)).toBe(3);
    expect(latencyMs.p50).toBeGreaterThan(0);
    expect(latencyMs.p99).toBeGreaterThanOrEqual(latencyMs.p50);
    expect(series).toHaveLength(60);
    expect(series.reduce((sum, { requests }) => sum + requests, 0)).toBe(5);
  });

  test('reports and feedback of each id once', async () => {
    const server = await start();
    const report = {
      id: randomUUID(),
      model: 'tiny-imagenet-200',
      version: '71b9a56b3a2d',
      label: 'espresso',
      index: 193,
      score: 0.9,
      latencyMs: 31,
      backend: 'wasm',
      at: new Date().toISOString(),
      reason: 'offline',
    };
    const address = `${server.url}/api/predictions/report`;
    const first = await postJson(address, { reports: [report, { ...report, id: randomUUID() }] });
    expect(await first.json()).toEqual({ accepted: 2, duplicates: 0, rejected: 0 });
    const again = await postJson(address, { reports: [report] });
    expect(await again.json()).toEqual({ accepted: 0, duplicates: 1, rejected: 0 });
    const { totals } = await statistics(server.url);
    expect(totals.bySource).toEqual({ server: 0, browser: 2 });
    expect(totals.byLabel).toEqual({});
    expect(totals.reported).toMatchObject({ byLabel: { espresso: 2 } });

    const said = { id: report.id, model: report.model, label: 'espresso', correct: false };
    const both = [
      await postJson(`${server.url}/api/feedback`, said),
      await postJson(`${server.url}/api/feedback`, said),
    ];
    expect(await Promise.all(both.map((response) => response.json()))).toEqual([
      { accepted: 1, duplicates: 0, rejected: 0 },
      { accepted: 0, duplicates: 1, rejected: 0 },
    ]);
    const charts = visualizationsResponseSchema.parse(
      await (await fetch(`${server.url}/api/visualizations?window=7d`)).json(),
    ).charts;
    expect(charts.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['calibration', 'class-accuracy', 'confusion']),
    );
    const perClass = charts.find(({ id }) => id === 'class-accuracy')!;
    expect(perClass.title).toContain('10,000 pictures');
    expect(perClass.series[0]!.points[0]).toEqual(['goldfish', 0.84]);
    const wrong = charts.find(({ id }) => id === 'wrong-labels')!;
    // Said of an answer that this server did not give: apart from those that it did.
    expect(wrong.series.map(({ id, points }) => [id, points])).toEqual([
      ['answers', [['espresso', 0]]],
      ['reported', [['espresso', 1]]],
    ]);
  });

  test('feedback with the signature of an answer counts as of an answer of the server', async () => {
    const server = await start();
    const answer = await postPicture(server.url, await readFile('public/samples/espresso.png'));
    const { id, model, predictions, signature } = predictResponseSchema.parse(await answer.json());
    const { label } = predictions[0]!;
    const said = { id, model: model.id, label, correct: true, signature };
    const forged = { ...said, id: randomUUID() };
    await postJson(`${server.url}/api/feedback`, said);
    await postJson(`${server.url}/api/feedback`, forged);
    const { charts } = visualizationsResponseSchema.parse(
      await (await fetch(`${server.url}/api/visualizations?window=1h`)).json(),
    );
    const { series } = charts.find((chart) => chart.id === 'feedback')!;
    expect(series.map(({ points }) => points)).toEqual([
      [
        ['right', 1],
        ['wrong', 0],
      ],
      [
        ['right', 1],
        ['wrong', 0],
      ],
    ]);
  });

  test.each([
    ['/api/predictions/report', { reports: [{ id: 'x' }] }],
    ['/api/predictions/report', { reports: Array(501).fill({}) }],
    [
      '/api/feedback',
      { id: 'long enough', model: 'tiny-imagenet-200', label: 'unicorn', correct: true },
    ],
  ])('%s refuses what it does not understand', async (route, body) => {
    const server = await start();
    const response = await postJson(`${server.url}${route}`, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ type: 'invalid-request' });
  });

  test('an unknown window is named, and a known one that has not changed is not sent again', async () => {
    const server = await start();
    expect((await fetch(`${server.url}/api/statistics?window=2h`)).status).toBe(400);
    const models = await fetch(`${server.url}/api/models`);
    const again = await fetch(`${server.url}/api/models`, {
      headers: { 'If-None-Match': models.headers.get('etag')! },
    });
    expect(again.status).toBe(304);
  });

  test.each(['/api/statistics?window=7d', '/api/visualizations?window=7d'])(
    'the ETag of %s changes when its data does, and not by being asked',
    async (route) => {
      const server = await start();
      await postPicture(server.url, await smallPicture());
      const ask = async (headers: Record<string, string> = {}) => {
        const response = await fetch(`${server.url}${route}`, { headers });
        await response.arrayBuffer();
        return [response.status, response.headers.get('etag')!] as const;
      };
      const [, etag] = await ask();
      expect(etag).toMatch(/^W\/"/);
      expect(await ask()).toEqual([200, etag]);
      const [status] = await ask({ 'If-None-Match': etag });
      expect(status).toBe(304);
      await postPicture(server.url, await smallPicture(1));
      const [changed, other] = await ask({ 'If-None-Match': etag });
      expect(changed).toBe(200);
      expect(other).not.toBe(etag);
    },
  );

  test('uptime tells of this process and of the heartbeats', async () => {
    const server = await start();
    await postPicture(server.url, await smallPicture());
    const response = await fetch(`${server.url}/api/model/uptime`);
    const uptime = uptimeResponseSchema.parse(await response.json());
    expect(uptime).toMatchObject({
      predictionsServed: 1,
      availability: { '1h': 1, '24h': 1, '7d': 1 },
    });
    expect(uptime.lastPredictionAt).not.toBeNull();
  });
});

/** Requests one after the other on several lanes until the server is gone. */
function load(url: string, picture: Buffer) {
  const state = { received: 0, inFlight: 0, receivedAtMs: [] as number[] };
  const lane = async () => {
    for (;;) {
      state.inFlight++;
      try {
        const response = await postPicture(url, picture);
        await response.arrayBuffer();
        state.received++;
        state.receivedAtMs.push(Date.now());
      } catch {
        return;
      }
      state.inFlight--;
    }
  };
  return { state, done: Promise.all(Array.from({ length: 8 }, lane)) };
}

describe('kill -9 under load', () => {
  test('embedded: nothing that was answered is lost', async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'sightline-killed-'));
    const first = await start({ DATA_DIR: dataDir });
    const { state, done } = load(first.url, await smallPicture());
    await expect.poll(() => state.received, { timeout: 20_000 }).toBeGreaterThan(300);
    const { inFlight } = state;
    await first.kill();
    await done;

    const second = await start({ DATA_DIR: dataDir });
    const { totals } = await statistics(second.url);
    expect(totals.requests).toBeGreaterThanOrEqual(state.received);
    expect(totals.requests).toBeLessThanOrEqual(state.received + inFlight);
    await second.stop();
    await rm(dataDir, { recursive: true });
  });

  test('redis: a polite stop loses nothing', async () => {
    const own = await startRedis();
    const first = await start({ REDIS_URL: own.url });
    const picture = await smallPicture();
    for (let i = 0; i < 25; i++) await postPicture(first.url, picture);
    await first.stop();
    const second = await start({ REDIS_URL: own.url });
    expect((await statistics(second.url)).totals.requests).toBe(25);
    await second.stop();
    await own.stop();
  });

  test('redis: at most the last second is lost', async () => {
    const first = await start({ REDIS_URL: redis.url });
    const { state, done } = load(first.url, await smallPicture());
    await expect.poll(() => state.received, { timeout: 20_000 }).toBeGreaterThan(1_000);
    const killedAtMs = Date.now();
    await first.kill();
    await done;

    const second = await start({ REDIS_URL: redis.url });
    const { totals } = await statistics(second.url);
    const beforeLastSecond = state.receivedAtMs.filter((atMs) => atMs < killedAtMs - 1000).length;
    expect(totals.requests).toBeGreaterThanOrEqual(beforeLastSecond);
    expect(totals.requests).toBeLessThanOrEqual(state.received + state.inFlight);
  });
});
