import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadRegistry } from './registry';

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
    expect.objectContaining({ type: 'not-found', expected: 'one of: no model' }),
  );
});

test('a directory that is not there stops the start', async () => {
  await expect(loadRegistry(path.join(models, 'nowhere'))).rejects.toThrow('ENOENT');
});

test.each(['__proto__', 'constructor', '../tiny-imagenet-200', ''])(
  'there is no model "%s"',
  async (id) => {
    await add('a');
    const registry = await loadRegistry(models);
    expect(() => registry.get(id)).toThrow(expect.objectContaining({ type: 'not-found' }));
  },
);
