import path from 'node:path';
import { log } from '../log';
import { fingerprintFolder, readModelFolder, type ModelFolder } from './folder';
import { listFolders, publicReason, type ModelRegistry } from './registry';

/** How often folders are read. A folder is loaded when two reads in a row see the same files. */
const LOOK_EVERY_MS = 1_000;
/**
 * Number of reads after which an unchanged folder that could not be loaded is tried again: memory
 * may have become free.
 */
const RETRY_AFTER_LOOKS = 30;

/** The pool, which tries a new model before it is served. */
export interface ModelPool {
  add(model: ModelFolder): Promise<unknown>;
  remove(id: string): void;
  /** Why a worker that started lately could not load models, by their ids. */
  readonly failures: ReadonlyMap<string, string>;
}

/** Fingerprint of each folder's files, by the folder's name. */
export type Fingerprints = ReadonlyMap<string, string>;

export async function readFingerprints(modelsDir: string): Promise<Fingerprints> {
  const ids = await listFolders(modelsDir);
  const prints = await Promise.all(ids.map((id) => fingerprintFolder(path.join(modelsDir, id))));
  return new Map(ids.map((id, i) => [id, prints[i]!]));
}

/**
 * Updates the registry while the server runs, as folders are added, changed and removed. It polls,
 * because network drives and mounted volumes send no file events.
 */
export class ModelWatch {
  readonly #modelsDir: string;
  readonly #registry: ModelRegistry;
  readonly #pool: ModelPool;
  /** Fingerprints of the folders as they are in the registry. */
  readonly #taken: Map<string, string>;
  #seen: Fingerprints;
  /** Remaining reads until a broken folder is tried again, by its name. */
  readonly #retries = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #isUnreadable = false;
  #isStopped = false;

  /** @param taken fingerprints of the folders from before the registry read them */
  constructor(modelsDir: string, registry: ModelRegistry, pool: ModelPool, taken: Fingerprints) {
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
        .catch((error: unknown) => log.warn({ err: error }, 'the models cannot be watched'))
        .finally(() => this.start());
    }, LOOK_EVERY_MS).unref();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Loads changed folders that were stable since the last read, and removes missing ones. */
  async look(): Promise<void> {
    const before = this.#seen;
    const now = await this.#read();
    if (!now) return;
    this.#seen = now;
    for (const [id, reason] of this.#pool.failures) {
      const isKnown = this.#retries.has(id) || !this.#registry.has(id);
      if (!isKnown) this.#refuse(id, publicReason(reason, this.#modelsDir, id));
    }
    for (const id of [...this.#taken.keys()]) if (!now.has(id)) this.#letGo(id);
    for (const [id, print] of now) {
      const isAtRest = before.get(id) === print;
      const isNew = this.#taken.get(id) !== print;
      if (isAtRest && (isNew || this.#isDue(id))) await this.#takeIn(id, print);
    }
  }

  /** While no folder can be read, each is named, and its last good version is served. */
  async #read(): Promise<Fingerprints | undefined> {
    try {
      const prints = await readFingerprints(this.#modelsDir);
      if (this.#isUnreadable) log.info('the model folders can be read again');
      this.#isUnreadable = false;
      return prints;
    } catch (error) {
      if (this.#isUnreadable) return undefined;
      this.#isUnreadable = true;
      log.warn({ err: error }, 'the model folders cannot be read');
      const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
      for (const { id } of this.#registry.models) {
        this.#registry.keepLastGood(id, `MODELS_DIR cannot be read (${code})`);
        // As if it had changed, so that it is taken in again.
        this.#taken.set(id, '');
      }
      return undefined;
    }
  }

  async #takeIn(id: string, print: string): Promise<void> {
    this.#taken.set(id, print);
    const directory = path.join(this.#modelsDir, id);
    try {
      const model = await readModelFolder(directory, id);
      await this.#pool.add(model);
      this.#registry.put(model);
      this.#retries.delete(id);
      log.info(`model ${id}@${model.version} is served`);
    } catch (error) {
      this.#refuse(id, publicReason((error as Error).message, this.#modelsDir, id));
    }
  }

  /** The version served until now stays available: the workers have loaded it. */
  #refuse(id: string, reason: string): void {
    this.#retries.set(id, RETRY_AFTER_LOOKS);
    if (this.#registry.has(id)) {
      const { version } = this.#registry.get(id);
      this.#registry.keepLastGood(id, reason);
      log.warn(`model folder ${id} has broken, ${id}@${version} is served still: ${reason}`);
    } else {
      this.#registry.refuse(id, reason);
      this.#pool.remove(id);
      log.warn(`model folder ${id} cannot be served: ${reason}`);
    }
  }

  #isDue(id: string): boolean {
    const left = this.#retries.get(id);
    if (left === undefined) return false;
    this.#retries.set(id, left - 1);
    return left <= 0;
  }

  #letGo(id: string): void {
    this.#taken.delete(id);
    this.#retries.delete(id);
    this.#registry.remove(id);
    this.#pool.remove(id);
    log.info(`model ${id} is gone`);
  }
}
