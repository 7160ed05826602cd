/** Entry of the client that each server hands out as /client.js, and of the package. */
import type { BatchResponse } from '@/lib/shared/contract/batch';
import type { ModelsResponse } from '@/lib/shared/contract/models';
import { Client, type AskOptions, type Classified, type ClientEvents } from '../client';
import { predictBatchOnServer } from '../predict';
import { requestAs } from '../request';
import { LazyDevice } from './lazy-device';

export { ServerError } from '../server-error';

const MAX_BATCH = 32;
const TIMEOUT_MS = 60_000;
const RETRIES = 4;

export interface SightlineOptions {
  /** Origin of the server; the one that this module came from by default. */
  readonly server?: string;
  readonly key?: string;
  /** Id of a model; the server's default one without. */
  readonly model?: string;
  /** False keeps every picture for the server; true, the default, needs Web Workers. */
  readonly device?: boolean;
}

export type ManyOptions = Pick<AskOptions, 'topK' | 'signal'>;
export type ManyResult = BatchResponse['results'][number];

/**
 * One server, and the same model on this device for when it cannot answer.
 *
 * @example
 * const { on, answer } = await new Sightline().classify(file);
 */
export class Sightline {
  readonly #server: { readonly baseUrl: string; readonly key?: string };
  readonly #model: string | undefined;
  readonly #device: LazyDevice | undefined;
  readonly #client: Client;

  constructor({ server, key, model, device = true }: SightlineOptions = {}) {
    const baseUrl = originOf(server ?? import.meta.url);
    this.#server = { baseUrl, ...(key === undefined ? {} : { key }) };
    this.#model = model;
    const isAble = device && typeof Worker !== 'undefined' && typeof document !== 'undefined';
    this.#device = isAble ? new LazyDevice(baseUrl, model) : undefined;
    this.#client = new Client({
      ...this.#server,
      ...(this.#device ? { device: this.#device } : {}),
    });
  }

  /**
   * Classifies a picture on the server or, where that cannot answer, on this device; the answer says
   * where and why.
   *
   * @throws ServerError, DeviceError, and the reason of `signal` if it aborts
   */
  classify(picture: Blob, options: Omit<AskOptions, 'model'> = {}): Promise<Classified> {
    return this.#client.predict(picture, { model: this.#model, ...options });
  }

  /**
   * Classifies any number of pictures on the server, 32 at a time, coming again when it says when.
   * Gives a result or a problem for each, in order.
   *
   * @throws ServerError where a batch is not answered at all
   */
  async *classifyMany(
    pictures: Iterable<File>,
    { topK, signal }: ManyOptions = {},
  ): AsyncGenerator<ManyResult> {
    const all = [...pictures];
    for (let start = 0; start < all.length; start += MAX_BATCH) {
      const { results } = await predictBatchOnServer(all.slice(start, start + MAX_BATCH), {
        ...this.#server,
        timeoutMs: TIMEOUT_MS * (RETRIES + 1),
        retries: RETRIES,
        ...(topK === undefined ? {} : { topK }),
        ...(signal ? { signal } : {}),
        ...(this.#model === undefined ? {} : { model: this.#model }),
      });
      for (const result of results) yield { ...result, index: start + result.index };
    }
  }

  /**
   * What is installed.
   *
   * @throws ServerError
   */
  models(signal?: AbortSignal): Promise<ModelsResponse> {
    const read = async (response: Response) => (await response.json()) as ModelsResponse;
    const options = { ...this.#server, timeoutMs: TIMEOUT_MS, ...(signal ? { signal } : {}) };
    return requestAs('/api/models', {}, read, options);
  }

  /** Whether this device can answer at all. */
  get hasDevice(): boolean {
    return this.#device !== undefined;
  }

  /**
   * Loads the model onto this device ahead of need, some megabytes.
   *
   * @throws DeviceError if it cannot be loaded
   */
  async prepareDevice(): Promise<void> {
    await this.#device?.prepare();
  }

  /** @returns how to stop listening */
  on<Type extends keyof ClientEvents>(
    type: Type,
    listener: (event: ClientEvents[Type]) => void,
  ): () => void {
    return this.#client.on(type, listener);
  }
}

/** @throws TypeError for what is no address of a server, such as that of a package's own files */
function originOf(address: string): string {
  const { origin, protocol } = new URL(address);
  if (/^https?:$/.test(protocol)) return origin;
  throw new TypeError(`expected server to be the address of a server, received ${address}`);
}
