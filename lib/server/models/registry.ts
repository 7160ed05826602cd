import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ApiError } from '../http/api-error';
import { readModelFolder, type ModelFolder } from './folder';

export interface BrokenModel {
  readonly id: string;
  readonly reason: string;
}

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

/** The models in a directory, one in each folder; they can change while the server runs. */
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

  /**
   * Folders that cannot be read now. A model that was served before is still served in its last
   * good version, and is also in `models`.
   */
  get broken(): readonly BrokenModel[] {
    return this.#broken;
  }

  /**
   * The model with that id, or the default one.
   *
   * @throws ApiError `not-found` naming what is installed, for an id that nobody has installed;
   * `no-model` for a folder that cannot be served, and where there is no default
   */
  get(id: string | undefined = this.#defaultId): ModelFolder {
    const model = this.#models.find((candidate) => candidate.id === id);
    if (model) return model;
    const isInstalled = this.#broken.some((candidate) => candidate.id === id);
    if (id === undefined || isInstalled || id === this.#fixedDefaultId) throw noModel(id);
    const installed = this.#models.map((candidate) => candidate.id).join(', ') || 'no model';
    throw new ApiError('not-found', `There is no model "${id ?? ''}" here.`, {
      expected: `one of: ${installed}`,
      received: id ?? 'no model',
    });
  }

  isDefault(model: ModelFolder): boolean {
    return model.id === this.#defaultId;
  }

  /** Adds a model, or replaces the folder's previous one. */
  put(model: ModelFolder): void {
    this.#forget(model.id);
    this.#models = [...this.#models, model].sort(byId);
    this.#chooseDefault();
  }

  has(id: string): boolean {
    return this.#models.some((model) => model.id === id);
  }

  /** Whether the default model can be served. */
  get hasDefault(): boolean {
    return this.#defaultId !== undefined && this.has(this.#defaultId);
  }

  /** Marks a folder as broken; the version that was read before is still served. */
  keepLastGood(id: string, reason: string): void {
    const others = this.#broken.filter((model) => model.id !== id);
    this.#broken = [...others, { id, reason: withoutPaths(reason) }].sort(byId);
  }

  /** Marks a folder as broken; its model is not served. */
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

  /** A model that is added later does not replace the current default. */
  #chooseDefault(): void {
    if (this.#fixedDefaultId !== undefined) this.#defaultId = this.#fixedDefaultId;
    else if (!this.#models.some(({ id }) => id === this.#defaultId)) {
      this.#defaultId = this.#models[0]?.id;
    }
  }
}

function noModel(id: string | undefined): ApiError {
  const which = id === undefined ? 'No model' : `Model "${id}"`;
  return new ApiError('no-model', `${which} cannot be served here at the moment.`, {
    headers: { 'Retry-After': '5' },
  });
}

/** Replaces paths on this machine, which are private, with file names. */
export function withoutPaths(text: string): string {
  return text.replace(
    /(?<![\w.:/])(?:[A-Za-z]:)?(?:[\\/][^\s'"`,;:()\\/]+)+[\\/]([^\s'"`,;:()\\/]+)/g,
    '$1',
  );
}

/** Removes paths on this machine from a reason: onnxruntime's messages contain them. */
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
  const ids = await listFolders(modelsDir).catch((cause: Error) => {
    throw new Error(`MODELS_DIR=${modelsDir}: expected a folder of models: ${cause.message}`, {
      cause,
    });
  });
  const read = await Promise.allSettled(
    ids.map((id) => readModelFolder(path.join(modelsDir, id), id)),
  );
  const models: ModelFolder[] = [];
  const broken: BrokenModel[] = [];
  read.forEach((result, i) => {
    if (result.status === 'fulfilled') models.push(result.value);
    else broken.push({ id: ids[i]!, reason: (result.reason as Error).message });
  });
  // A broken folder may be repaired while the server runs.
  if (defaultId !== undefined && !ids.includes(defaultId)) {
    throw new Error(`DEFAULT_MODEL=${defaultId}: expected the name of a folder in ${modelsDir}`);
  }
  return new ModelRegistry(models, broken, defaultId);
}
