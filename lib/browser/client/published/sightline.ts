/** Entry of the client that every server serves as /client.js, and of the npm package. */
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
  /** Origin of the server; default: the origin that this module was loaded from. */
  readonly server?: string;
  readonly key?: string;
  /** Id of a model; default: the server's default model. */
  readonly model?: string;
  /** Whether this device may answer; default true. Needs Web Workers. */
  readonly device?: boolean;
}

export type ManyOptions = Pick<AskOptions, 'topK' | 'signal'>;
export type ManyResult = BatchResponse['results'][number];

/**
 * A server, and the same model on this device for when the server cannot answer.
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
   * Classifies a picture on the server or, if the server cannot answer, on this device. The answer
   * says where it was computed and why.
   *
   * @throws ServerError, DeviceError, and the reason of `signal` if it aborts
   */
  classify(picture: Blob, options: Omit<AskOptions, 'model'> = {}): Promise<Classified> {
    return this.#client.predict(picture, { model: this.#model, ...options });
  }

  /**
   * Classifies any number of pictures on the server, 32 per request. Waits and retries when the
   * server says so. Yields a result or a problem for each picture, in order.
   *
   * @throws ServerError if a whole request fails
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
   * Lists the installed models.
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
   * Loads the model (some megabytes) onto this device in advance.
   *
   * @throws DeviceError if it cannot be loaded
   */
  async prepareDevice(): Promise<void> {
    await this.#device?.prepare();
  }

  /** @returns a function that stops listening */
  on<Type extends keyof ClientEvents>(
    type: Type,
    listener: (event: ClientEvents[Type]) => void,
  ): () => void {
    return this.#client.on(type, listener);
  }
}

/** @throws TypeError if the URL is not http or https, as for files of an installed package */
function originOf(address: string): string {
  const { origin, protocol } = new URL(address);
  if (/^https?:$/.test(protocol)) return origin;
  throw new TypeError(`expected server to be the address of a server, received ${address}`);
}
