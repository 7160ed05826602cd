import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ApiError } from '../http/api-error';
import { readModelFolder, type ModelFolder } from './folder';

export interface BrokenModel {
  readonly id: string;
  readonly reason: string;
}

/** The models found in a directory, one a folder. */
export class ModelRegistry {
  readonly models: readonly ModelFolder[];
  /** Folders that could not be read; they spoil nothing but themselves. */
  readonly broken: readonly BrokenModel[];
  readonly #defaultId: string | undefined;

  constructor(models: readonly ModelFolder[], broken: readonly BrokenModel[], defaultId?: string) {
    this.models = models;
    this.broken = broken;
    this.#defaultId = defaultId ?? models[0]?.id;
  }

  /**
   * The model of that id, or the default one.
   *
   * @throws ApiError `not-found` naming what is installed
   */
  get(id: string | undefined = this.#defaultId): ModelFolder {
    const model = this.models.find((candidate) => candidate.id === id);
    if (model) return model;
    const installed = this.models.map((candidate) => candidate.id).join(', ') || 'no model';
    throw new ApiError('not-found', `There is no model "${id ?? ''}" here.`, {
      expected: `one of: ${installed}`,
      received: id ?? 'no model',
    });
  }

  isDefault(model: ModelFolder): boolean {
    return model.id === this.#defaultId;
  }
}

/**
 * Reads every folder of `modelsDir`. Without `defaultId` the first by name is the default.
 *
 * @throws Error if the directory cannot be read, or `defaultId` is not a model in it
 */
export async function loadRegistry(modelsDir: string, defaultId?: string): Promise<ModelRegistry> {
  const entries = await readdir(modelsDir, { withFileTypes: true });
  const ids = entries
    .filter(
      (entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'),
    )
    .map((entry) => entry.name)
    .sort();
  const read = await Promise.allSettled(
    ids.map((id) => readModelFolder(path.join(modelsDir, id), id)),
  );
  const models: ModelFolder[] = [];
  const broken: BrokenModel[] = [];
  read.forEach((result, i) => {
    if (result.status === 'fulfilled') models.push(result.value);
    else broken.push({ id: ids[i]!, reason: (result.reason as Error).message });
  });
  if (defaultId !== undefined && !models.some((model) => model.id === defaultId)) {
    throw new Error(`DEFAULT_MODEL=${defaultId}: expected the name of a folder in ${modelsDir}`);
  }
  return new ModelRegistry(models, broken, defaultId);
}
