import path from 'node:path';
import type { InferencePool } from '../inference/pool';
import { log } from '../log';
import { fingerprintFolder, readModelFolder } from './folder';
import { listFolders, publicReason, type ModelRegistry } from './registry';
import { toWorkerModel } from './worker-model';

/** A folder is taken in when two looks in a row have seen the same: within three of these. */
const LOOK_EVERY_MS = 1_000;

/** What each folder's files looked like, by the folder's name. */
export type Fingerprints = ReadonlyMap<string, string>;

export async function readFingerprints(modelsDir: string): Promise<Fingerprints> {
  const ids = await listFolders(modelsDir);
  const prints = await Promise.all(ids.map((id) => fingerprintFolder(path.join(modelsDir, id))));
  return new Map(ids.map((id, i) => [id, prints[i]!]));
}

/**
 * Keeps the registry as the directory is: folders come, change and go while the server runs. It
 * looks instead of being told, for network drives and mounted volumes tell nothing.
 */
export class ModelWatch {
  readonly #modelsDir: string;
  readonly #registry: ModelRegistry;
  readonly #pool: Pick<InferencePool, 'add' | 'remove'>;
  /** As the registry knows them. */
  readonly #taken: Map<string, string>;
  #seen: Fingerprints;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  /** @param taken what the folders looked like before the registry read them */
  constructor(
    modelsDir: string,
    registry: ModelRegistry,
    pool: Pick<InferencePool, 'add' | 'remove'>,
    taken: Fingerprints,
  ) {
    this.#modelsDir = modelsDir;
    this.#registry = registry;
    this.#pool = pool;
    this.#taken = new Map(taken);
    this.#seen = taken;
  }

  start(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      void this.look()
        .catch((error: unknown) => log.warn({ err: error }, 'the model folders cannot be read'))
        .finally(() => this.start());
    }, LOOK_EVERY_MS).unref();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** One look: takes in what has changed and come to rest since the last, lets go what is gone. */
  async look(): Promise<void> {
    const before = this.#seen;
    const now = await readFingerprints(this.#modelsDir);
    this.#seen = now;
    for (const id of [...this.#taken.keys()]) if (!now.has(id)) this.#letGo(id);
    for (const [id, print] of now) {
      const isAtRest = before.get(id) === print;
      if (isAtRest && this.#taken.get(id) !== print) await this.#takeIn(id, print);
    }
  }

  async #takeIn(id: string, print: string): Promise<void> {
    this.#taken.set(id, print);
    const directory = path.join(this.#modelsDir, id);
    try {
      const model = await readModelFolder(directory, id);
      await this.#pool.add(toWorkerModel(model));
      this.#registry.put(model);
      log.info(`model ${id}@${model.version} is served`);
    } catch (error) {
      const message = publicReason((error as Error).message, this.#modelsDir, id);
      this.#registry.refuse(id, message);
      this.#pool.remove(id);
      log.warn(`model folder ${id} cannot be served: ${message}`);
    }
  }

  #letGo(id: string): void {
    this.#taken.delete(id);
    this.#registry.remove(id);
    this.#pool.remove(id);
    log.info(`model ${id} is gone`);
  }
}
