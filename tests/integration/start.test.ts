import { cp, mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startServer } from '../server';

const folders: string[] = [];

async function modelsFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sightline-models-'));
  folders.push(folder);
  return folder;
}

afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))));

test('wrong settings end the process and are named', async () => {
  const starting = startServer({ QUEUE_LIMIT: 'many', MAX_UPLOAD_BYTES: '-1' });
  await expect(starting).rejects.toThrow(
    /QUEUE_LIMIT=many[\s\S]*MAX_UPLOAD_BYTES=-1|MAX_UPLOAD_BYTES=-1[\s\S]*QUEUE_LIMIT=many/,
  );
});

test('what holds is logged at the start, in one line and without secrets', async () => {
  const server = await startServer({ METRICS_TOKEN: 'hidden', QUEUE_LIMIT: '7' });
  await server.stop();
  const [line] = server
    .output()
    .split('\n')
    .filter((text) => text.includes('"starting"'));
  expect(JSON.parse(line!)).toMatchObject({
    settings: { QUEUE_LIMIT: 7, MAX_UPLOAD_BYTES: 20_971_520, METRICS_TOKEN: 'set' },
  });
  expect(server.output()).not.toContain('hidden');
});

test('a default model that is not there ends the process', async () => {
  await expect(startServer({ DEFAULT_MODEL: 'nobody' })).rejects.toThrow('DEFAULT_MODEL=nobody');
});

test('a second folder is a second model, and a broken one spoils nothing else', async () => {
  const modelsDir = await modelsFolder();
  await cp('models/tiny-imagenet-200', path.join(modelsDir, 'first'), { recursive: true });
  await cp('models/tiny-imagenet-200', path.join(modelsDir, 'second'), { recursive: true });
  await mkdir(path.join(modelsDir, 'third'));
  await writeFile(path.join(modelsDir, 'third', 'config.json'), 'no JSON');
  const server = await startServer({ MODELS_DIR: modelsDir, DEFAULT_MODEL: 'second' });
  try {
    const { models } = (await (await fetch(`${server.url}/api/models`)).json()) as {
      models: { id: string; default: boolean }[];
    };
    expect(models.map(({ id, default: isDefault }) => [id, isDefault])).toEqual([
      ['first', false],
      ['second', true],
    ]);
    const health = (await (await fetch(`${server.url}/api/health`)).json()) as object;
    expect(health).toMatchObject({ status: 'degraded' });
    expect(JSON.stringify(health)).toContain('third: expected');
  } finally {
    await server.stop();
  }
});

test('without a model health says so, and predictions are refused with 503', async () => {
  const server = await startServer({ MODELS_DIR: await modelsFolder() }, { untilReady: false });
  try {
    const health = await fetch(`${server.url}/api/health`);
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({ status: 'unavailable' });
    const prediction = await fetch(`${server.url}/api/predict`, { method: 'POST', body: 'x' });
    expect(prediction.status).toBe(503);
    expect(prediction.headers.get('retry-after')).toBe('5');
    expect(await prediction.json()).toMatchObject({ type: 'no-model' });
  } finally {
    await server.stop();
  }
});
