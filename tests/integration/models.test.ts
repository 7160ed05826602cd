/** Models that teams bring: of many shapes, side by side, coming and going. */
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BatchResponse } from '@/lib/shared/contract/batch';
import type { HealthResponse } from '@/lib/shared/contract/health';
import type { ModelsResponse } from '@/lib/shared/contract/models';
import type { PredictResponse } from '@/lib/shared/contract/predict';
import { statistics } from '../../harness/client';
import { startServer, type TestServer } from '../../harness/server';
import { BROKEN_MODELS, SOUND_MODELS, writeModel } from '../../harness/models/folders';

/** As long as a new folder may take to be served. */
const SERVED_WITHIN_MS = 5_000;
const SHIPPED = 'tiny-imagenet-200';
const ids = Object.keys(SOUND_MODELS);

let models: string;
let server: TestServer;
let picture: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  models = await mkdtemp(path.join(tmpdir(), 'sightline-models-'));
  await cp(path.join('models', SHIPPED), path.join(models, SHIPPED), { recursive: true });
  for (const [id, content] of Object.entries(SOUND_MODELS)) {
    await writeModel(path.join(models, id), content);
  }
  picture = new Uint8Array(await readFile('public/samples/cat.png'));
  server = await startServer({ MODELS_DIR: models, DEFAULT_MODEL: SHIPPED, CACHE_ENTRIES: '0' });
});

afterAll(async () => {
  await server.stop();
  await rm(models, { recursive: true });
});

async function predict(id: string): Promise<PredictResponse> {
  const response = await fetch(`${server.url}/api/predict?model=${id}&topK=2`, {
    method: 'POST',
    body: picture,
  });
  expect(response.status).toBe(200);
  return (await response.json()) as PredictResponse;
}

async function json<T>(route: string, status = 200): Promise<T> {
  const response = await fetch(`${server.url}${route}`);
  expect(response.status).toBe(status);
  return (await response.json()) as T;
}

const installed = async () =>
  (await json<ModelsResponse>('/api/models')).models.map(({ id }) => id);

describe.each(ids)('%s', (id) => {
  test('answers a picture', async () => {
    const { model, predictions } = await predict(id);
    expect(model.id).toBe(id);
    expect(predictions).toHaveLength(2);
    expect(predictions[0]!.label).toMatch(/^kind \d$/);
  });

  test('answers a batch', async () => {
    const form = new FormData();
    for (const name of ['a', 'b', 'c']) form.append('images', new Blob([picture]), name);
    const response = await fetch(`${server.url}/api/predict/batch?model=${id}`, {
      method: 'POST',
      body: form,
    });
    const { results, model } = (await response.json()) as BatchResponse;
    expect(model.id).toBe(id);
    expect(results.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  test('answers by the Open Inference Protocol with probabilities that add up to 1', async () => {
    const body = {
      inputs: [
        {
          name: 'image',
          datatype: 'BYTES',
          shape: [1],
          data: [Buffer.from(picture).toString('base64')],
        },
      ],
      outputs: [{ name: 'probabilities' }],
    };
    const response = await fetch(`${server.url}/v2/models/${id}/infer`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { outputs } = (await response.json()) as { outputs: { name: string; data: number[] }[] };
    expect(outputs).toHaveLength(1);
    expect(outputs[0]!.data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 3);
  });

  test('answers as Hugging Face does, and says what it is', async () => {
    const response = await fetch(`${server.url}/hf/models/${id}`, {
      method: 'POST',
      body: picture,
    });
    expect(response.status).toBe(200);
    await json(`/api/models/${id}`);
    await json(`/api/model/uptime?model=${id}`);
    await json(`/v2/models/${id}`);
    await json(`/v2/models/${id}/ready`);
  });
});

test('what each model was asked is counted by itself', async () => {
  const { totals } = await statistics(server.url);
  for (const id of ids) expect(totals.byModel[id]).toBeGreaterThan(0);
});

test('a folder that is added is served within seconds, and one that is removed is not found', async () => {
  const content = SOUND_MODELS['fixed-batch']!;
  await writeModel(path.join(models, 'added'), content);
  await vi.waitFor(async () => expect(await installed()).toContain('added'), {
    timeout: SERVED_WITHIN_MS,
    interval: 100,
  });
  expect((await predict('added')).model.id).toBe('added');
  await rename(path.join(models, 'added'), path.join(models, '.added'));
  await vi.waitFor(async () => expect(await installed()).not.toContain('added'), {
    timeout: SERVED_WITHIN_MS,
    interval: 100,
  });
  const gone = await fetch(`${server.url}/api/predict?model=added`, {
    method: 'POST',
    body: picture,
  });
  expect(gone.status).toBe(404);
});

test('broken folders are named with their sentences, and spoil nothing else', async () => {
  expect((await json<HealthResponse>('/api/health')).status).toBe('ok');
  for (const [id, content] of Object.entries(BROKEN_MODELS)) {
    await writeModel(path.join(models, id), content);
  }
  const wanted = Object.keys(BROKEN_MODELS).sort();
  await vi.waitFor(
    async () => {
      const { broken } = await json<ModelsResponse>('/api/models');
      expect(broken?.map(({ id }) => id)).toEqual(wanted);
    },
    { timeout: 20_000, interval: 200 },
  );
  const { broken } = await json<ModelsResponse>('/api/models');
  const { status, checks } = await json<HealthResponse>('/api/health');
  expect(status).toBe('degraded');
  for (const { id, reason } of broken!) {
    expect(reason).toContain(BROKEN_MODELS[id]!.says);
    expect(reason).not.toContain(models);
    expect(checks.model.detail).toContain(reason);
  }
  expect((await predict(SHIPPED)).predictions[0]!.label).toContain('tabby');
  for (const id of ids) expect((await predict(id)).model.id).toBe(id);
});

test('more models than a worker keeps warm are all served and described', async () => {
  const many = await mkdtemp(path.join(tmpdir(), 'sightline-many-models-'));
  const names = Array.from({ length: 9 }, (_, i) => `model-${i}`);
  for (const name of names) await writeModel(path.join(many, name), SOUND_MODELS['fixed-batch']!);
  const own = await startServer({ MODELS_DIR: many });
  try {
    for (const name of names) {
      const described = await fetch(`${own.url}/v2/models/${name}`);
      expect(described.status).toBe(200);
      const query = `model=${name}&explain=occlusion`;
      const answer = await fetch(`${own.url}/api/predict?${query}`, {
        method: 'POST',
        body: picture,
      });
      expect(await answer.json()).toMatchObject({
        model: { id: name },
        explanation: { method: 'occlusion' },
      });
    }
  } finally {
    await own.stop();
    await rm(many, { recursive: true });
  }
});

describe('the model that answers by default', () => {
  let folder: string;
  let own: TestServer;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sightline-default-'));
    await writeModel(path.join(folder, 'only'), SOUND_MODELS['fixed-batch']!);
  });

  afterEach(async () => {
    await own.stop();
    await rm(folder, { recursive: true });
  });

  const start = (settings = {}) =>
    startServer(
      { MODELS_DIR: folder, DEFAULT_MODEL: 'only', INFERENCE_WORKERS: '1', CACHE_ENTRIES: '0' },
      settings,
    ).then((server) => (own = server));

  /** Every light in one line: readiness, health, the model's check, the gauges, the answer. */
  async function lights(): Promise<string> {
    const [ready, health, metrics, answer] = await Promise.all([
      fetch(`${own.url}/v2/health/ready`),
      fetch(`${own.url}/api/health`),
      fetch(`${own.url}/api/metrics`).then((response) => response.text()),
      fetch(`${own.url}/api/predict`, { method: 'POST', body: picture }),
    ]);
    const { checks } = (await health.json()) as HealthResponse;
    const gauge = /^sightline_ready (\d)$/m.exec(metrics)?.[1];
    const broken = /^sightline_model_broken\{model="only"\} (\d)$/m.exec(metrics)?.[1] ?? 0;
    const { type = 'answered' } = (await answer.json()) as { type?: string };
    const retry = answer.headers.get('retry-after') ?? '-';
    return `${ready.status} ${health.status} ${checks.model.status} ready ${gauge} broken ${broken} ${answer.status} ${type} ${retry}`;
  }

  const LIGHTS = { timeout: SERVED_WITHIN_MS, interval: 200 };
  const OK = '200 200 ok ready 1 broken 0 200 answered -';

  test('breaks in place: its last good version answers, health and metrics report it, and it recovers', async () => {
    await start();
    expect(await lights()).toBe(OK);
    await writeFile(path.join(folder, 'only', 'onnx', 'model.onnx'), 'no model any more');
    await expect.poll(lights, LIGHTS).toBe('200 200 degraded ready 1 broken 1 200 answered -');
    const { broken } = (await (await fetch(`${own.url}/api/models`)).json()) as ModelsResponse;
    expect(broken?.map(({ id }) => id)).toEqual(['only']);
    await expect.poll(() => own.output()).toContain('has broken, only@');
    await writeModel(path.join(folder, 'only'), SOUND_MODELS['fixed-batch']!);
    await expect.poll(lights, LIGHTS).toBe(OK);
  });

  test('is broken at the start, or taken away: 503 that others can make good, never 404', async () => {
    await writeFile(path.join(folder, 'only', 'config.json'), 'no JSON');
    await start({ untilReady: false });
    const unservable = /^503 503 unavailable ready 0 broken \d 503 no-model 5$/;
    await expect.poll(lights, LIGHTS).toMatch(unservable);
    await writeModel(path.join(folder, 'only'), SOUND_MODELS['fixed-batch']!);
    await expect.poll(lights, { ...LIGHTS, timeout: 2 * SERVED_WITHIN_MS }).toBe(OK);
    await rename(path.join(folder, 'only'), path.join(folder, '.only'));
    await expect.poll(lights, LIGHTS).toMatch(unservable);
  });
});
