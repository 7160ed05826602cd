import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readModelFolder } from './folder';
import { loadRegistry } from './registry';

const SHIPPED = 'models/tiny-imagenet-200';
let models: string;

beforeAll(async () => {
  models = await mkdtemp(path.join(tmpdir(), 'sightline-folders-'));
});

afterAll(() => rm(models, { recursive: true }));

/** A copy of the shipped model with some files changed (text) or left out (null). */
async function changedCopy(id: string, changes: Record<string, string | null>): Promise<string> {
  const folder = path.join(models, id);
  await cp(SHIPPED, folder, { recursive: true });
  for (const [file, text] of Object.entries(changes)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await (text === null ? rm(path.join(folder, file)) : writeFile(path.join(folder, file), text));
  }
  return folder;
}

describe('readModelFolder', () => {
  test('reads the shipped folder', async () => {
    const model = await readModelFolder(SHIPPED, 'shipped');
    expect(model).toMatchObject({
      id: 'shipped',
      version: '71b9a56b3a2d',
      modelType: 'resnet',
      evaluation: { images: 10_000, accuracy: { top1: 0.5581, top5: 0.8002 } },
      preprocessing: { resize: { kind: 'exact', width: 64, height: 64, filter: 'bilinear' } },
    });
    expect(model.labels).toHaveLength(200);
    expect(model.files.map((file) => file.path)).toContain('onnx/model.onnx');
  });

  test('the revision changes with any served file, the version with the model only', async () => {
    const original = await readModelFolder(SHIPPED, 'x');
    const changed = await readModelFolder(
      await changedCopy('changed', { 'README.md': 'new' }),
      'x',
    );
    expect(changed.version).toBe(original.version);
    expect(changed.revision).not.toBe(original.revision);
  });

  test('a link that leads out of the folder is refused, with its name', async () => {
    const folder = await changedCopy('linked-out', { 'README.md': null });
    await symlink('/etc/hostname', path.join(folder, 'README.md'));
    await expect(readModelFolder(folder, 'x')).rejects.toThrow(
      'expected README.md to be a file of the folder, received a link that leads out',
    );
    await rm(folder, { recursive: true });
  });

  test('a link within the folder is followed', async () => {
    const folder = await changedCopy('linked-in', {});
    await symlink('README.md', path.join(folder, 'ABOUT.md'));
    const { files } = await readModelFolder(folder, 'x');
    expect(files.map((file) => file.path)).toContain('ABOUT.md');
    await rm(folder, { recursive: true });
  });

  test('files that are not of the layout are neither served nor counted', async () => {
    const original = await readModelFolder(SHIPPED, 'x');
    const folder = await changedCopy('secret', {
      '.env': 'KEY=1',
      '.token.json': '{}',
      'key.pem': 'x',
      'onnx/notes.sh': 'x',
      'private/notes.md': 'x',
    });
    const model = await readModelFolder(folder, 'x');
    expect(model.files.map((file) => file.path)).toEqual(original.files.map((file) => file.path));
    expect(model.revision).toBe(original.revision);
  });

  test.each<[string, Record<string, string | null>, string]>([
    ['no-model', { 'onnx/model.onnx': null }, 'expected a file onnx/model.onnx'],
    ['no-config', { 'config.json': null }, 'expected a file config.json'],
    ['no-json', { 'config.json': '{' }, 'expected config.json to be JSON'],
    ['no-labels', { 'config.json': '{}' }, 'id2label'],
    ['no-size', { 'preprocessor_config.json': '{"do_normalize":false}' }, 'expected size'],
  ])('says what is wrong with a folder: %s', async (id, changes, message) => {
    const folder = await changedCopy(id, changes);
    await expect(readModelFolder(folder, id)).rejects.toThrow(message);
  });
});

describe('loadRegistry', () => {
  test('finds models by reading the directory, and keeps broken ones apart', async () => {
    const registry = await loadRegistry(models);
    expect(registry.models.map(({ id }) => id)).toEqual(['changed', 'secret']);
    expect(registry.broken.map(({ id }) => id).sort()).toEqual([
      'no-config',
      'no-json',
      'no-labels',
      'no-model',
      'no-size',
    ]);
    expect(registry.isDefault(registry.get())).toBe(true);
    expect(registry.get().id).toBe('changed');
  });

  test('a default can be set, and must be there', async () => {
    expect((await loadRegistry(models, 'secret')).get().id).toBe('secret');
    await expect(loadRegistry(models, 'nobody')).rejects.toThrow('DEFAULT_MODEL=nobody');
  });

  test('a default whose folder is broken is there, and is not served', async () => {
    const registry = await loadRegistry(models, 'no-model');
    expect(registry.hasDefault).toBe(false);
    expect(() => registry.get()).toThrow(expect.objectContaining({ type: 'no-model' }));
  });

  test('an unknown model is not found, and the answer names what is', async () => {
    const registry = await loadRegistry(models);
    expect(() => registry.get('nobody')).toThrow(
      expect.objectContaining({ type: 'not-found', expected: 'one of: changed, secret' }),
    );
  });
});
