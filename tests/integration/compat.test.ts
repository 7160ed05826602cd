/** The field's own clients, pointed at this server. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { InferenceClient } from '@huggingface/inference';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hfResponseSchema } from '@/lib/shared/contract/hugging-face';
import { statistics } from '../../harness/client';
import { startServer, type TestServer } from '../../harness/server';

const MODEL_ID = 'tiny-imagenet-200';

let server: TestServer;
let espresso: Buffer;

beforeAll(async () => {
  server = await startServer();
  espresso = await readFile('public/samples/espresso.png');
});

afterAll(() => server.stop());

function ask(body: BodyInit, type: string): Promise<Response> {
  const headers = { 'Content-Type': type };
  return fetch(`${server.url}/hf/models/${MODEL_ID}`, { method: 'POST', headers, body });
}

describe('@huggingface/inference', () => {
  test('classifies a picture by our address', async () => {
    const client = new InferenceClient();
    const answer = await client.imageClassification({
      data: new Blob([new Uint8Array(espresso)]),
      endpointUrl: `${server.url}/hf/models/${MODEL_ID}`,
    });
    expect(answer).toHaveLength(5);
    expect(answer[0]).toMatchObject({ label: 'espresso' });
    expect((await statistics(server.url)).totals.predictions).toBe(1);
  });
});

describe('POST /hf/models/{id}', () => {
  test('takes raw bytes, and base64 with parameters', async () => {
    const raw = hfResponseSchema.parse(
      await (await ask(new Uint8Array(espresso), 'image/png')).json(),
    );
    const question = {
      inputs: espresso.toString('base64'),
      parameters: { top_k: 2, function_to_apply: 'softmax' },
    };
    const response = await ask(JSON.stringify(question), 'application/json');
    expect(hfResponseSchema.parse(await response.json())).toEqual(raw.slice(0, 2));
    expect(response.headers.has('ratelimit-policy')).toBe(false);
  });

  test('applies the function that was asked for', async () => {
    const scoresOf = async (name: string) => {
      const question = {
        inputs: espresso.toString('base64'),
        parameters: { function_to_apply: name },
      };
      const response = await ask(JSON.stringify(question), 'application/json');
      return hfResponseSchema.parse(await response.json()).map(({ score }) => score);
    };
    const [logits, sigmoids] = [await scoresOf('none'), await scoresOf('sigmoid')];
    expect(logits[0]).toBeGreaterThan(1);
    sigmoids.forEach((score, i) => expect(score).toBeCloseTo(1 / (1 + Math.exp(-logits[i]!)), 6));
  });

  test.each([
    ['{}', 'application/json', 400],
    ['{"inputs":"aGVsbG8="}', 'application/json', 415],
    ['{"inputs":"x","parameters":{"top_k":0}}', 'application/json', 400],
    ['', 'image/png', 400],
  ])('refuses %s', async (body, type, status) => {
    expect((await ask(body, type)).status).toBe(status);
  });

  test('knows no other model', async () => {
    const response = await fetch(`${server.url}/hf/models/nobody`, { method: 'POST', body: 'x' });
    expect(response.status).toBe(404);
  });
});

test('@huggingface/transformers loads the model from here as from a hub', async () => {
  const cacheDir = await mkdtemp(path.join(tmpdir(), 'sightline-hub-'));
  try {
    const { stdout } = await promisify(execFile)(path.resolve('node_modules/.bin/tsx'), [
      'tests/integration/peer-remote.mts',
      server.url,
      MODEL_ID,
      'public/samples/espresso.png',
      cacheDir,
    ]);
    expect(JSON.parse(stdout)).toMatchObject([{ label: 'espresso' }]);
    // It was downloaded, and there is no other host than ours here.
    expect(await readdir(cacheDir, { recursive: true })).toContain(`${MODEL_ID}/onnx/model.onnx`);
  } finally {
    await rm(cacheDir, { recursive: true });
  }
});
