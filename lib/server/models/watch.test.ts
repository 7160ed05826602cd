import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SOUND_MODELS, writeModel } from '../../../harness/models/folders';
import type { WorkerModel } from '../inference/task';
import { toWorkerModel } from '../inference/worker-model';
import type { ModelFolder } from './folder';
import { loadRegistry, type ModelRegistry } from './registry';
import { ModelWatch, readFingerprints } from './watch';

const SOUND = SOUND_MODELS['fixed-batch']!;
let models: string;
let registry: ModelRegistry;
let watch: ModelWatch;
let loaded: Map<string, WorkerModel>;
let refusal: Error | undefined;
let failures: Map<string, string>;

beforeEach(async () => {
  models = await mkdtemp(path.join(tmpdir(), 'sightline-watch-'));
  await add('first');
  refusal = undefined;
  loaded = new Map();
  failures = new Map();
  const fingerprints = await readFingerprints(models);
  registry = await loadRegistry(models);
  const pool = {
    add: (model: ModelFolder) => {
      if (refusal) return Promise.reject(refusal);
      loaded.set(model.id, toWorkerModel(model));
      return Promise.resolve();
    },
    remove: (id: string) => void loaded.delete(id),
    failures,
  };
  watch = new ModelWatch(models, registry, pool, fingerprints);
});

afterEach(() => rm(models, { recursive: true }));

const add = (id: string, content: Parameters<typeof writeModel>[1] = SOUND) =>
  writeModel(path.join(models, id), content);
const served = () => registry.models.map(({ id }) => id);

test('a folder is served from the second look on, and does not become the default', async () => {
  await add('another');
  await watch.look();
  expect(served()).toEqual(['first']);
  await watch.look();
  expect(served()).toEqual(['another', 'first']);
  expect(loaded.get('another')?.classCount).toBe(4);
  expect(registry.get().id).toBe('first');
});

test('while MODELS_DIR cannot be read each model is named and served, until it can be', async () => {
  const away = `${models}-away`;
  await rename(models, away);
  await watch.look();
  await watch.look();
  expect(registry.broken).toEqual([{ id: 'first', reason: 'MODELS_DIR cannot be read (ENOENT)' }]);
  expect(served()).toEqual(['first']);
  await rename(away, models);
  await watch.look();
  expect(registry.broken).toEqual([]);
  expect(loaded.has('first')).toBe(true);
});

test('a model that a new worker could not load is named, and tried again', async () => {
  failures.set('first', 'there is no room');
  await watch.look();
  expect(registry.broken).toEqual([{ id: 'first', reason: 'there is no room' }]);
  expect(served()).toEqual(['first']);
  failures.clear();
  for (let look = 0; look <= 30; look++) await watch.look();
  expect(loaded.has('first')).toBe(true);
  expect(registry.broken).toEqual([]);
});

test('an unchanged folder is not loaded again', async () => {
  await watch.look();
  await watch.look();
  expect([...loaded]).toEqual([]);
});

test('a folder is not loaded while it is copied, and is reported as broken if it stays incomplete', async () => {
  const { onnx, ...half } = SOUND;
  await add('copied', half);
  await watch.look();
  await add('copied', { onnx: onnx.subarray(0, 100) });
  await watch.look();
  expect(registry.broken).toEqual([]);
  await watch.look();
  expect(served()).toContain('copied');
  refusal = new Error(`${path.join(models, 'copied', 'onnx', 'model.onnx')} is half a file`);
  await add('copied', { onnx: onnx.subarray(0, 101) });
  await watch.look();
  await watch.look();
  expect(registry.broken).toEqual([{ id: 'copied', reason: 'onnx/model.onnx is half a file' }]);
  expect(served()).toEqual(['copied', 'first']);
});

test('a served folder that breaks keeps its last good version until it is repaired', async () => {
  const { version } = registry.get('first');
  refusal = new Error('no model any more');
  await add('first', { onnx: SOUND.onnx.subarray(0, 99) });
  await watch.look();
  await watch.look();
  expect(registry.get('first').version).toBe(version);
  expect(registry.broken).toEqual([{ id: 'first', reason: 'no model any more' }]);
  refusal = undefined;
  await add('first');
  await watch.look();
  await watch.look();
  expect(registry.broken).toEqual([]);
  expect(registry.get('first').version).toBe(version);
});

test('a folder that cannot be loaded is tried again without a change', async () => {
  refusal = new Error('no memory');
  await add('second');
  for (let i = 0; i < 3; i++) await watch.look();
  expect(registry.broken).toEqual([{ id: 'second', reason: 'no memory' }]);
  refusal = undefined;
  for (let i = 0; i < 40; i++) await watch.look();
  expect(served()).toEqual(['first', 'second']);
});

test('a broken folder is loaded once it is repaired', async () => {
  const { config, ...rest } = SOUND;
  await add('broken', rest);
  await watch.look();
  await watch.look();
  expect(registry.broken).toEqual([
    { id: 'broken', reason: 'expected a file config.json, but it is missing' },
  ]);
  await add('broken', { config });
  await watch.look();
  await watch.look();
  expect(registry.broken).toEqual([]);
  expect(served()).toEqual(['broken', 'first']);
});

test('a removed folder is dropped at once, and the next by name becomes the default', async () => {
  await add('second');
  await watch.look();
  await watch.look();
  await rm(path.join(models, 'first'), { recursive: true });
  await watch.look();
  expect(served()).toEqual(['second']);
  expect(registry.get().id).toBe('second');
});

test('unused files and hidden folders change nothing', async () => {
  await mkdir(path.join(models, '.second'));
  await writeFile(path.join(models, 'first', 'notes.sh'), 'x');
  await watch.look();
  await watch.look();
  expect([...loaded]).toEqual([]);
  expect(registry.broken).toEqual([]);
});
