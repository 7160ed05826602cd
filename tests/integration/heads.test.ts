/** Each head through the whole API: /api/predict, batches, /hf, /v2, cache, explanation, statistics. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BatchResponse } from '@/lib/shared/contract/batch';
import type { HfResponse } from '@/lib/shared/contract/hugging-face';
import type { ModelsResponse } from '@/lib/shared/contract/models';
import type { OipResponse } from '@/lib/shared/contract/open-inference';
import { predictResponseSchema, type PredictResponse } from '@/lib/shared/contract/predict';
import type { VisualizationsResponse } from '@/lib/shared/contract/statistics';
import { startServer, type TestServer } from '../../harness/server';
import { classifierOnnx, type ClassifierShape } from '../../harness/models/classifier';
import { configOf, writeModel } from '../../harness/models/folders';

const HEADS: Record<string, { shape: ClassifierShape; labels: number; config?: object }> = {
  'multi-label': { shape: { classes: 4, activation: 'Sigmoid', seed: 31 }, labels: 4 },
  'multi-label-logits': {
    shape: { classes: 4, seed: 31 },
    labels: 4,
    config: { problem_type: 'multi_label_classification' },
  },
  binary: { shape: { classes: 1, activation: 'Sigmoid', seed: 32 }, labels: 2 },
  'binary-logit': { shape: { classes: 1, seed: 32 }, labels: 2 },
  'single-label': { shape: { classes: 4, activation: 'LogSoftmax', seed: 31 }, labels: 4 },
};
const KINDS = Object.keys(HEADS);
const kindOf = (id: string) => id.replace(/-logits?$/, '');

let models: string;
let server: TestServer;
let picture: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  models = await mkdtemp(path.join(tmpdir(), 'sightline-heads-'));
  for (const [id, { shape, labels, config }] of Object.entries(HEADS)) {
    await writeModel(path.join(models, id), {
      config: { ...configOf(labels), ...config },
      preprocessor: { size: 64, image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] },
      onnx: classifierOnnx(shape),
    });
  }
  picture = new Uint8Array(await readFile('public/samples/cat.png'));
  server = await startServer({ MODELS_DIR: models });
});

afterAll(async () => {
  await server.stop();
  await rm(models, { recursive: true });
});

async function post<T>(route: string, body: BodyInit, headers = {}): Promise<T> {
  const response = await fetch(`${server.url}${route}`, { method: 'POST', body, headers });
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

const predict = (id: string, query = '') =>
  post<PredictResponse>(`/api/predict?model=${id}&topK=${HEADS[id]!.labels}${query}`, picture);

const byIndex = ({ predictions }: Pick<PredictResponse, 'predictions'>) =>
  [...predictions].sort((a, b) => a.index - b.index).map(({ score }) => score);

const hf = async (id: string, parameters: object) => {
  const inputs = Buffer.from(picture).toString('base64');
  const body = JSON.stringify({ inputs, parameters: { top_k: HEADS[id]!.labels, ...parameters } });
  return fetch(`${server.url}/hf/models/${id}`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json' },
  });
};

describe.each(KINDS)('%s', (id) => {
  test('is named in the answer, and kept answers say the same', async () => {
    const first = predictResponseSchema.parse(await predict(id));
    expect(first.head).toBe(kindOf(id));
    const again = await predict(id);
    expect(again.cached).toBe(true);
    expect(again.predictions).toEqual(first.predictions);
    const sum = byIndex(first).reduce((a, b) => a + b);
    const isIndependent = kindOf(id) === 'multi-label';
    expect(Math.abs(sum - 1) < 1e-6).toBe(!isIndependent);
    for (const { score, selected } of first.predictions) {
      expect(selected).toBe(isIndependent ? score >= 0.5 : undefined);
    }
  });

  test('has the same scores in a batch, in /hf and in /v2', async () => {
    const { predictions } = await predict(id);
    const expected = byIndex({ predictions });
    const form = new FormData();
    form.append('images', new Blob([picture], { type: 'image/png' }), 'cat.png');
    const batch = await post<BatchResponse>(`/api/predict/batch?model=${id}`, form);
    expect(batch.results[0]).toMatchObject({ head: kindOf(id), status: 200 });
    const scores = (await (await hf(id, {})).json()) as HfResponse;
    expect(scores.map(({ score }) => score)).toEqual(predictions.map(({ score }) => score));
    const inputs = [
      {
        name: 'image',
        datatype: 'BYTES',
        shape: [1],
        data: [Buffer.from(picture).toString('base64')],
      },
    ];
    const { outputs } = await post<OipResponse>(
      `/v2/models/${id}/infer`,
      JSON.stringify({ inputs, outputs: [{ name: 'probabilities' }] }),
      { 'Content-Type': 'application/json' },
    );
    expect(outputs[0]!.shape).toEqual([1, expected.length]);
    (outputs[0]!.data as number[]).forEach((score, i) =>
      expect(score).toBeCloseTo(expected[i]!, 6),
    );
  });

  test("/v2 gives the graph's own values", async () => {
    const { shape } = HEADS[id]!;
    const inputs = [
      {
        name: 'image',
        datatype: 'BYTES',
        shape: [1],
        data: [Buffer.from(picture).toString('base64')],
      },
    ];
    const { outputs } = await post<OipResponse>(
      `/v2/models/${id}/infer`,
      JSON.stringify({ inputs, outputs: [{ name: 'logits' }] }),
      { 'Content-Type': 'application/json' },
    );
    expect(outputs[0]!.shape).toEqual([1, shape.classes]);
    const scores = byIndex(await predict(id)).slice(-shape.classes);
    const own = {
      Sigmoid: (score: number) => score,
      LogSoftmax: Math.log,
      none: (score: number) => Math.log(score / (1 - score)),
    }[
      shape.activation === 'Sigmoid' || shape.activation === 'LogSoftmax'
        ? shape.activation
        : 'none'
    ];
    (outputs[0]!.data as number[]).forEach((value, i) =>
      expect(value).toBeCloseTo(own(scores[i]!), 4),
    );
  });

  test.each(['true', 'occlusion'])('is explained: %s', async (explain) => {
    const { explanation } = await predict(id, `&explain=${explain}&explainIndex=1`);
    expect(explanation).toMatchObject({ index: 1 });
  });
});

describe('/hf', () => {
  test('no function is applied twice: one that the graph does not end in is refused', async () => {
    const response = await hf('multi-label', { function_to_apply: 'softmax' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('ends in a sigmoid already');
  });

  test('"none" gives what the graph gives', async () => {
    const scores = (await (await hf('binary', { function_to_apply: 'none' })).json()) as HfResponse;
    const { predictions } = await predict('binary');
    scores.forEach(({ score }, i) => expect(score).toBeCloseTo(predictions[i]!.score, 5));
  });
});

describe('feedback', () => {
  const say = (content: object) =>
    fetch(`${server.url}/api/feedback`, {
      method: 'POST',
      body: JSON.stringify({ correct: false, ...content }),
      headers: { 'Content-Type': 'application/json' },
    });
  const wrongLabels = async () => {
    const response = await fetch(`${server.url}/api/visualizations?window=1h`);
    const { charts } = (await response.json()) as VisualizationsResponse;
    const { series } = charts.find(({ id }) => id === 'wrong-labels')!;
    return Object.fromEntries(series.map(({ id, points }) => [id, Object.fromEntries(points)]));
  };

  test('of several labels counts each that the answer selected, as its own', async () => {
    const { id, model, predictions, signature } = await predict('multi-label');
    const selected = predictions.filter((one) => one.selected).map(({ index }) => index);
    expect(selected.length).toBeGreaterThan(1);
    const label = predictions[0]!.label;
    const response = await say({ id, model: model.id, label, selected, signature });
    expect(response.status).toBe(200);
    await expect
      .poll(wrongLabels)
      .toEqual({ answers: Object.fromEntries(selected.map((index) => [`kind ${index}`, 1])) });
  });

  test.each([
    ['multi-label', [9]],
    ['multi-label', [1, 1]],
    ['binary', [0]],
  ])('of %s with the selected labels %j is refused', async (id, selected) => {
    const { model, predictions, ...answer } = await predict(id);
    const label = predictions[0]!.label;
    const response = await say({ id: answer.id, model: model.id, label, selected });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('cannot have selected these labels');
  });
});

test('/api/models tells the head of each', async () => {
  const response = await fetch(`${server.url}/api/models`);
  const { models: list } = (await response.json()) as ModelsResponse;
  for (const { id, head } of list) expect(head?.kind).toBe(kindOf(id));
  expect(list).toHaveLength(KINDS.length);
});
