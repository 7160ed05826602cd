import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadRegistry, ModelRegistry, withoutPaths } from './registry';

const SHIPPED = path.resolve('models/tiny-imagenet-200');
let models: string;

beforeEach(async () => {
  models = await mkdtemp(path.join(tmpdir(), 'sightline-registry-'));
});

afterEach(() => rm(models, { recursive: true }));

const add = (id: string) => cp(SHIPPED, path.join(models, id), { recursive: true });

test('models come by name, and the first is the default', async () => {
  for (const id of ['b', 'c', 'a']) await add(id);
  const registry = await loadRegistry(models);
  expect(registry.models.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(registry.models.map((model) => registry.isDefault(model))).toEqual([true, false, false]);
});

test('a folder linked from elsewhere is a model, hidden folders and loose files are not', async () => {
  await symlink(SHIPPED, path.join(models, 'linked'));
  await mkdir(path.join(models, '.cache'));
  await writeFile(path.join(models, 'README.md'), 'x');
  const registry = await loadRegistry(models);
  expect(registry.models.map(({ id }) => id)).toEqual(['linked']);
  expect(registry.broken).toEqual([]);
});

test('a broken folder is named with its reason, and is never the default', async () => {
  await add('z-sound');
  await mkdir(path.join(models, 'a-empty'));
  const registry = await loadRegistry(models);
  expect(registry.broken).toEqual([
    { id: 'a-empty', reason: 'expected a file config.json, but it is missing' },
  ]);
  expect(registry.get().id).toBe('z-sound');
});

test('without any model every request for one is answered, not thrown out', async () => {
  const registry = await loadRegistry(models);
  expect(() => registry.get()).toThrow(
    expect.objectContaining({ type: 'no-model', headers: { 'Retry-After': '5' } }),
  );
});

test('a directory that is not there stops the start', async () => {
  await expect(loadRegistry(path.join(models, 'nowhere'))).rejects.toThrow(
    /MODELS_DIR=.*nowhere.*ENOENT/,
  );
});

test.each(['__proto__', 'constructor', '../tiny-imagenet-200', ''])(
  'there is no model "%s"',
  async (id) => {
    await add('a');
    const registry = await loadRegistry(models);
    expect(() => registry.get(id)).toThrow(expect.objectContaining({ type: 'not-found' }));
  },
);

test.each([
  [
    "ENOENT: no such file, open '/srv/models/a/config.json'",
    "ENOENT: no such file, open 'config.json'",
  ],
  ['Load model from /home/me/m/onnx/model.onnx failed', 'Load model from model.onnx failed'],
  ['C:\\models\\a\\config.json is broken', 'config.json is broken'],
  [
    'expected onnx/model.onnx, see https://example.com/a/b',
    'expected onnx/model.onnx, see https://example.com/a/b',
  ],
  ['1 / 2 of image/png', '1 / 2 of image/png'],
])('of "%s" anybody may read "%s"', (reason, expected) => {
  expect(withoutPaths(reason)).toBe(expected);
});

test('no public reason contains the path of a folder', () => {
  const registry = new ModelRegistry([], [{ id: 'a', reason: 'cannot open /srv/secret/a.json' }]);
  registry.refuse('b', 'cannot open /srv/secret/b.json');
  expect(registry.broken.map(({ reason }) => reason)).toEqual([
    'cannot open a.json',
    'cannot open b.json',
  ]);
});

test('a default that is there and broken is no reason not to start: it is 503 until it is mended', async () => {
  await add('sound');
  await mkdir(path.join(models, 'chosen'));
  const registry = await loadRegistry(models, 'chosen');
  expect(registry.hasDefault).toBe(false);
  for (const id of [undefined, 'chosen']) {
    expect(() => registry.get(id)).toThrow(expect.objectContaining({ type: 'no-model' }));
  }
  expect(registry.get('sound').id).toBe('sound');
  expect(() => registry.get('nobody')).toThrow(expect.objectContaining({ type: 'not-found' }));
  await rm(path.join(models, 'chosen'), { recursive: true });
  await expect(loadRegistry(models, 'chosen')).rejects.toThrow('DEFAULT_MODEL=chosen');
});
