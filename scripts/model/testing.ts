/** For tests of the command: a folder of models, and a context that records what is printed. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readSettings } from '../../lib/server/settings';
import type { Context } from './command';

export const SHIPPED = path.resolve(import.meta.dirname, '../../models/tiny-imagenet-200');

/** Makes an empty folder, which the caller removes. */
export function makeFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'sightline-model-'));
}

export async function copyShipped(modelsDir: string, id: string): Promise<string> {
  const folder = path.join(modelsDir, id);
  await cp(SHIPPED, folder, { recursive: true });
  return folder;
}

/** Copies a model without its smaller variants and without check.json. */
export async function copyBare(modelsDir: string, id: string): Promise<string> {
  const folder = await copyShipped(modelsDir, id);
  const extra = ['check.json', 'onnx/model_fp16.onnx', 'onnx/model_int8.onnx'];
  await Promise.all(extra.map((file) => rm(path.join(folder, file), { force: true })));
  return folder;
}

export interface TestContext extends Context {
  readonly printed: () => string;
}

export function contextOf(modelsDir: string, signal = new AbortController().signal): TestContext {
  const lines: string[] = [];
  return {
    settings: readSettings({ MODELS_DIR: modelsDir }),
    print: (text) => lines.push(text),
    signal,
    printed: () => lines.join('\n'),
  };
}
