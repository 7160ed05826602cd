import type { ModelSummary } from '@/lib/shared/contract/models';
import { fetchModels } from '../models';
import { PreparingWorker } from './preparing-worker';

/** A prepared picture, which is sent instead of the file. */
export interface Prepared {
  readonly png: Blob;
  /** The `preprocessing.version` that the server gave for the model. */
  readonly version: string;
  /** Size of the whole picture, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** Equals the server's default limit. */
const MAX_IMAGE_PIXELS = 64_000_000;
/** Below this size, sending the file takes no longer than preparing it. */
export const LEAST_BYTES_WORTH_PREPARING = 64 * 1024;
/**
 * The prepared picture must have at most this share of the file's size; otherwise the file is sent.
 */
const LARGEST_SHARE = 0.5;
/**
 * Time limit for fetching the models, and for preparing each picture. After it the file is sent.
 */
const TIMEOUT_MS = 5_000;

interface Dependencies {
  readonly models: (signal: AbortSignal) => Promise<readonly ModelSummary[]>;
  readonly worker: Pick<PreparingWorker, 'prepare'>;
}

/**
 * Reduces pictures to what a model sees, with the pipeline that server and device share, so that
 * kilobytes are sent instead of megabytes. If anything prevents this, the file is sent.
 */
export class Preparer {
  readonly #dependencies: Dependencies;
  #models: Promise<readonly ModelSummary[]> | undefined;

  /** @param workerUrl URL of the preparing worker's script */
  constructor(workerUrl: string, dependencies: Partial<Dependencies> = {}) {
    this.#dependencies = {
      models: fetchModels,
      worker: new PreparingWorker(workerUrl),
      ...dependencies,
    };
  }

  /** Forgets the models. Called when an answer shows that they have changed. */
  forget(): void {
    this.#models = undefined;
  }

  /**
   * @param modelId undefined means the server's default model
   * @returns undefined if the file should be sent: it is small, or cannot be prepared here
   * @throws the reason of `signal` if it aborts
   */
  async prepare(
    picture: Blob,
    modelId: string | undefined,
    signal?: AbortSignal,
  ): Promise<Prepared | undefined> {
    if (picture.size < LEAST_BYTES_WORTH_PREPARING) return undefined;
    const [prepared] = (await this.prepareAll([picture], modelId, signal)) ?? [];
    return prepared;
  }

  /**
   * @returns the prepared pictures in order, undefined for each that cannot be prepared; undefined
   *   if all files should be sent
   * @throws the reason of `signal` if it aborts
   */
  async prepareAll(
    pictures: readonly Blob[],
    modelId: string | undefined,
    signal?: AbortSignal,
  ): Promise<(Prepared | undefined)[] | undefined> {
    const bytes = sizeOf(pictures);
    if (bytes < pictures.length * LEAST_BYTES_WORTH_PREPARING) return undefined;
    const timeout = AbortSignal.timeout(TIMEOUT_MS * pictures.length);
    const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
    try {
      const prepared = await this.#prepareFor(pictures, modelId, either);
      const sent = prepared?.map((one, i) => one?.png ?? pictures[i]!);
      const isWorthIt = sent && sizeOf(sent) < bytes * LARGEST_SHARE;
      return isWorthIt ? prepared : undefined;
    } catch {
      signal?.throwIfAborted();
      return undefined;
    }
  }

  async #prepareFor(
    pictures: readonly Blob[],
    modelId: string | undefined,
    signal: AbortSignal,
  ): Promise<(Prepared | undefined)[] | undefined> {
    const models = await this.#knownModels();
    signal.throwIfAborted();
    const model = models.find(({ id, ...rest }) =>
      modelId === undefined ? rest.default : id === modelId,
    );
    const version = model?.preprocessing.version;
    if (!model || version === undefined) return undefined;
    const { preprocessing } = model;
    const prepared: (Prepared | undefined)[] = [];
    for (const picture of pictures) {
      const request = { picture, preprocessing, maxImagePixels: MAX_IMAGE_PIXELS };
      try {
        const { png, width, height } = await this.#dependencies.worker.prepare(request, signal);
        prepared.push({ png: new Blob([png], { type: 'image/png' }), version, width, height });
      } catch {
        signal.throwIfAborted();
        prepared.push(undefined);
      }
    }
    return prepared;
  }

  #knownModels(): Promise<readonly ModelSummary[]> {
    if (this.#models) return this.#models;
    const models = this.#dependencies.models(AbortSignal.timeout(TIMEOUT_MS));
    this.#models = models;
    models.catch(() => {
      if (this.#models === models) this.#models = undefined;
    });
    return models;
  }
}

function sizeOf(blobs: readonly Blob[]): number {
  return blobs.reduce((sum, { size }) => sum + size, 0);
}
