/** A Sightline as a hub: what its clients ask of one, and one that pulls from another. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listFiles, modelInfo } from '@huggingface/hub';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hubModelSchema } from '@/lib/shared/contract/hugging-face';
import { startServer, type TestServer } from '../../harness/server';

const MODEL = 'tiny-imagenet-200';

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.stop());

const get = (where: string, init?: RequestInit) => fetch(`${server.url}/hf${where}`, init);

describe.each([MODEL, `sightline/${MODEL}`])('%s', (name) => {
  test('is described, with its revision and its files', async () => {
    const response = await get(`/api/models/${name}?blobs=true`);
    const model = hubModelSchema.parse(await response.json());
    expect(model.id).toBe(name);
    const onnx = model.siblings.find(({ rfilename }) => rfilename === 'onnx/model.onnx');
    expect(onnx).toMatchObject({ size: 8_701_610 });
    const pinned = await get(`/api/models/${name}/revision/${model.sha}`);
    expect(hubModelSchema.parse(await pinned.json()).sha).toBe(model.sha);
  });

  test.each(['identity', 'gzip, br'])(
    'HEAD tells length, name and revision (%s)',
    async (accepted) => {
      const where = `/${name}/resolve/main/config.json`;
      const headers = { 'Accept-Encoding': accepted };
      const head = await get(where, { method: 'HEAD', headers });
      const whole = await get(where, { headers });
      const bytes = String((await readFile(`models/${MODEL}/config.json`)).byteLength);
      expect(head.headers.get('content-length')).toBe(bytes);
      expect(head.headers.get('x-linked-size')).toBe(bytes);
      expect(head.headers.get('x-linked-etag')).toBe(head.headers.get('etag'));
      expect(head.headers.get('etag')).toBe(whole.headers.get('etag'));
      expect(head.headers.get('x-repo-commit')).toMatch(/^[0-9a-f]{40}$/);
    },
  );
});

test.each([
  ['/nobody/resolve/main/config.json', 'RepoNotFound'],
  ['/api/models/nobody', 'RepoNotFound'],
  [`/${MODEL}/resolve/v1/config.json`, 'RevisionNotFound'],
  [`/api/models/${MODEL}/revision/v1`, 'RevisionNotFound'],
  [`/${MODEL}/resolve/main/secret.txt`, 'EntryNotFound'],
  [`/api/models/${MODEL}/tree/main/secret`, 'EntryNotFound'],
])('%s is refused with %s', async (where, code) => {
  for (const method of ['GET', 'HEAD']) {
    const response = await get(where, { method });
    expect(response.status).toBe(404);
    expect(response.headers.get('x-error-code')).toBe(code);
  }
});

test('@huggingface/hub finds the model and its files', async () => {
  const asked = { name: `sightline/${MODEL}`, hubUrl: `${server.url}/hf`, revision: 'main' };
  const info = await modelInfo({ ...asked, additionalFields: ['sha', 'tags'] });
  expect(info).toMatchObject({ name: asked.name, task: 'image-classification' });
  const paths: string[] = [];
  for await (const entry of listFiles({
    repo: asked.name,
    hubUrl: asked.hubUrl,
    recursive: true,
  })) {
    paths.push(entry.path);
  }
  expect(paths).toEqual(expect.arrayContaining(['config.json', 'onnx/model.onnx']));
});

test('one Sightline pulls a model from another', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sightline-pull-'));
  try {
    const modelsDir = path.join(folder, 'models');
    await mkdir(modelsDir);
    const parameters = ['--import', 'tsx', 'scripts/cli.ts', 'model', 'pull', `sightline/${MODEL}`];
    const child = spawn(process.execPath, [...parameters, '--endpoint', `${server.url}/hf`], {
      env: { ...process.env, MODELS_DIR: modelsDir },
      stdio: 'inherit',
    });
    expect(await once(child, 'exit')).toEqual([0, null]);
    for (const file of ['config.json', 'onnx/model.onnx']) {
      const [own, pulled] = await Promise.all(
        [`models/${MODEL}`, path.join(modelsDir, MODEL)].map((root) =>
          readFile(path.join(root, file)),
        ),
      );
      expect(pulled!.equals(own!)).toBe(true);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
