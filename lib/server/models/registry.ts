import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ApiError } from '../http/api-error';
import { readModelFolder, type ModelFolder } from './folder';

export interface BrokenModel {
  readonly id: string;
  readonly reason: string;
}

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

/** The models found in a directory, one a folder; they come and go while the server runs. */
export class ModelRegistry {
  #models: readonly ModelFolder[];
  #broken: readonly BrokenModel[];
  readonly #fixedDefaultId: string | undefined;
  #defaultId: string | undefined;

  constructor(models: readonly ModelFolder[], broken: readonly BrokenModel[], defaultId?: string) {
    this.#models = models;
    this.#broken = broken.map(({ id, reason }) => ({ id, reason: withoutPaths(reason) }));
    this.#fixedDefaultId = defaultId;
    this.#chooseDefault();
  }

  /** In the order of their names. */
  get models(): readonly ModelFolder[] {
    return this.#models;
  }

  /** Folders that cannot be served; they spoil nothing but themselves. */
  get broken(): readonly BrokenModel[] {
    return this.#broken;
  }

  /**
   * The model of that id, or the default one.
   *
   * @throws ApiError `not-found` naming what is installed
   */
  get(id: string | undefined = this.#defaultId): ModelFolder {
    const model = this.#models.find((candidate) => candidate.id === id);
    if (model) return model;
    const installed = this.#models.map((candidate) => candidate.id).join(', ') || 'no model';
    throw new ApiError('not-found', `There is no model "${id ?? ''}" here.`, {
      expected: `one of: ${installed}`,
      received: id ?? 'no model',
    });
  }

  isDefault(model: ModelFolder): boolean {
    return model.id === this.#defaultId;
  }

  /** Adds a model, or puts it in the place of what the folder was before. */
  put(model: ModelFolder): void {
    this.#forget(model.id);
    this.#models = [...this.#models, model].sort(byId);
    this.#chooseDefault();
  }

  /** A folder that is there and cannot be served. */
  refuse(id: string, reason: string): void {
    this.#forget(id);
    this.#broken = [...this.#broken, { id, reason: withoutPaths(reason) }].sort(byId);
    this.#chooseDefault();
  }

  remove(id: string): void {
    this.#forget(id);
    this.#chooseDefault();
  }

  #forget(id: string): void {
    this.#models = this.#models.filter((model) => model.id !== id);
    this.#broken = this.#broken.filter((model) => model.id !== id);
  }

  /** One that comes later does not take the place of the one that answers until now. */
  #chooseDefault(): void {
    if (this.#fixedDefaultId !== undefined) this.#defaultId = this.#fixedDefaultId;
    else if (!this.#models.some(({ id }) => id === this.#defaultId)) {
      this.#defaultId = this.#models[0]?.id;
    }
  }
}

/** Names of files instead of where on this machine they lie, which is nobody's business. */
export function withoutPaths(text: string): string {
  return text.replace(
    /(?<![\w.:/])(?:[A-Za-z]:)?(?:[\\/][^\s'"`,;:()\\/]+)+[\\/]([^\s'"`,;:()\\/]+)/g,
    '$1',
  );
}

/** A reason that anybody may read: onnxruntime says where on this machine a file lies. */
export function publicReason(reason: string, modelsDir: string, id: string): string {
  return reason.replaceAll(path.join(modelsDir, id) + path.sep, '');
}

/** Names of the folders that are models, or are meant to be, in order. */
export async function listFolders(modelsDir: string): Promise<string[]> {
  const entries = await readdir(modelsDir, { withFileTypes: true });
  return entries
    .filter(
      (entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'),
    )
    .map((entry) => entry.name)
    .sort();
}

/**
 * Reads every folder of `modelsDir`. Without `defaultId` the first by name is the default.
 *
 * @throws Error if the directory cannot be read, or `defaultId` is not a model in it
 */
export async function loadRegistry(modelsDir: string, defaultId?: string): Promise<ModelRegistry> {
  const ids = await listFolders(modelsDir);
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
