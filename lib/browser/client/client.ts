import type { PredictResponse } from '@/lib/shared/contract/predict';
import { canDecode } from './can-decode';
import type { Device, DeviceAnswer } from './device/device';
import { DeviceError } from './device/worker-bridge';
import { predictOnServer, ServerError } from './predict';
import { isAboutPreparation } from './prepare/problems';
import type { Prepared, Preparer } from './prepare/preparer';
import {
  SERVER_TIMEOUT_MS,
  where,
  type DeviceReason,
  type RuntimeChoice,
  type ServerFailure,
} from './where';

/** An answer, where it was computed and, on the device, why there. */
export type Classified =
  | {
      readonly on: 'server';
      readonly answer: PredictResponse;
      readonly elapsedMs: number;
      /** What was sent in place of the file; absent where that itself was. */
      readonly sent?: Sent;
    }
  | {
      readonly on: 'device';
      readonly answer: DeviceAnswer;
      readonly elapsedMs: number;
      readonly reason: DeviceReason;
      readonly failure: ServerFailure | undefined;
    };

/** Bytes that went to the server, of how many. */
export interface Sent {
  readonly bytes: number;
  readonly ofBytes: number;
}

export interface ClientOptions {
  /** Answers when the server cannot. Without a device every picture goes to the server. */
  readonly device?: Pick<Device, 'ability' | 'classify'>;
  /** Makes pictures small before they are sent. Without one every picture is sent whole. */
  readonly preparer?: Pick<Preparer, 'prepare' | 'forget'>;
  /** Origin of the server, such as `https://sightline.example`; the page's own by default. */
  readonly baseUrl?: string;
  /** An API key, which has a quota of its own. */
  readonly key?: string;
  /** What tests replace. */
  readonly runtime?: Partial<ClientRuntime>;
}

/** What the client takes from the browser. */
export interface ClientRuntime {
  readonly askServer: typeof predictOnServer;
  /** Whether this browser can decode the picture; asked before a model is loaded for it. */
  readonly canDecode: (picture: Blob) => Promise<boolean>;
  readonly isOnline: () => boolean;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

export interface AskOptions {
  /** Who answers; `automatic` by default. */
  readonly choice?: RuntimeChoice;
  /** Id of the model that the server uses; its default one without. The device has its own. */
  readonly model?: string | undefined;
  /** How many labels; the default of the server or the device without. */
  readonly topK?: number | undefined;
  readonly signal?: AbortSignal;
}

export interface ClientEvents {
  /** The picture is sent to the server or given to the device. */
  readonly start: { readonly on: Classified['on']; readonly picture: Blob };
  /** The server failed, and the device answers instead. */
  readonly fallover: {
    readonly picture: Blob;
    readonly reason: DeviceReason;
    readonly failure: ServerFailure;
  };
  readonly answer: { readonly picture: Blob; readonly classified: Classified };
}

type Listener<Type extends keyof ClientEvents> = (event: ClientEvents[Type]) => void;

/**
 * Asks the server and, when it cannot answer, the same model on this device. The client needs only
 * `fetch`; a device needs a Web Worker.
 */
export class Client {
  readonly #device: ClientOptions['device'];
  readonly #preparer: ClientOptions['preparer'];
  readonly #server: Pick<ClientOptions, 'baseUrl' | 'key'>;
  readonly #runtime: ClientRuntime;
  readonly #listeners: { [Type in keyof ClientEvents]: Set<Listener<Type>> } = {
    start: new Set(),
    fallover: new Set(),
    answer: new Set(),
  };

  constructor({ device, preparer, runtime, ...server }: ClientOptions = {}) {
    this.#device = device;
    this.#preparer = preparer;
    this.#server = server;
    this.#runtime = {
      askServer: predictOnServer,
      canDecode,
      // Some runtimes have a navigator that knows of no network.
      isOnline: () => globalThis.navigator?.onLine !== false,
      now: () => performance.now(),
      ...runtime,
    };
  }

  /** @returns how to stop listening */
  on<Type extends keyof ClientEvents>(type: Type, listener: Listener<Type>): () => void {
    this.#listeners[type].add(listener);
    return () => this.#listeners[type].delete(listener);
  }

  /**
   * Classifies a picture where `where` sends it, and once more on the device if the server fails in
   * a way that has nothing to do with the picture.
   *
   * @throws ServerError if the server's failure is the answer, DeviceError if the device's is, and
   *   the reason of `signal` if it aborts
   */
  async predict(picture: Blob, options: AskOptions = {}): Promise<Classified> {
    const startedAtMs = this.#runtime.now();
    const answered = await this.#answer(picture, options);
    const elapsedMs = this.#runtime.now() - startedAtMs;
    const classified: Classified = { ...answered, elapsedMs };
    this.#emit('answer', { picture, classified });
    return classified;
  }

  async #answer(picture: Blob, options: AskOptions): Promise<Untimed> {
    const first = where(this.#situation(options));
    if (first.to === 'device') return this.#askDevice(picture, options, first.reason);
    if (first.to === 'nowhere') throw new Error('expected a destination for a first attempt');
    try {
      return await this.#askServer(picture, options, first.timeoutMs);
    } catch (error) {
      if (!(error instanceof ServerError) || !this.#device) throw error;
      const { failure } = error;
      const next = where({ ...this.#situation(options), failure });
      if (next.to !== 'device') throw error;
      const { reason } = next;
      if (reason === 'format' && !(await this.#runtime.canDecode(picture))) throw error;
      this.#emit('fallover', { picture, reason, failure });
      return this.#fallOver(picture, options, reason, failure);
    }
  }

  /** Where the device cannot either, a server that was given little time is given all of it. */
  async #fallOver(
    picture: Blob,
    options: AskOptions,
    reason: DeviceReason,
    failure: ServerFailure,
  ): Promise<Untimed> {
    try {
      return await this.#askDevice(picture, options, reason, failure);
    } catch (error) {
      if (!(error instanceof DeviceError) || error.code === 'stopped') throw error;
      const wasHurried = failure.kind === 'timeout' && failure.timeoutMs < SERVER_TIMEOUT_MS;
      if (!wasHurried) throw error.after(failure);
      return await this.#askServer(picture, options, SERVER_TIMEOUT_MS).catch((again: unknown) => {
        throw again instanceof ServerError ? error.after(again.failure) : again;
      });
    }
  }

  #situation({ choice = 'automatic' }: AskOptions) {
    const online = this.#runtime.isOnline();
    if (this.#device) return { choice, online, device: this.#device.ability() };
    if (choice === 'device') throw new Error('This client was made without a device.');
    return { choice: 'server', online, device: 'available' } as const;
  }

  async #askServer(picture: Blob, options: AskOptions, timeoutMs: number): Promise<Untimed> {
    const { model, signal } = options;
    this.#emit('start', { on: 'server', picture });
    const prepared = await this.#preparer?.prepare(picture, model, signal);
    if (!prepared) return this.#send(picture, options, { timeoutMs });
    try {
      return preparedAnswer(
        picture,
        prepared,
        await this.#send(prepared.png, options, { timeoutMs, prepared: prepared.version }),
      );
    } catch (error) {
      if (!isAboutPreparation(error)) throw error;
      this.#preparer?.forget();
      return this.#send(picture, options, { timeoutMs });
    }
  }

  async #send(
    picture: Blob,
    { choice, model, topK, signal }: AskOptions,
    request: { readonly timeoutMs: number; readonly prepared?: string },
  ): Promise<OnServer> {
    const answer = await this.#runtime.askServer(picture, {
      ...request,
      // A visitor who chose the server waits a little instead of getting a refusal.
      retries: choice === 'server' ? 2 : 0,
      ...this.#server,
      ...(signal ? { signal } : {}),
      ...(model === undefined ? {} : { model }),
      ...(topK === undefined ? {} : { topK }),
    });
    return { on: 'server', answer };
  }

  async #askDevice(
    picture: Blob,
    { topK, signal }: AskOptions,
    reason: DeviceReason,
    failure?: ServerFailure,
  ): Promise<Untimed> {
    this.#emit('start', { on: 'device', picture });
    const answer = await this.#device!.classify(picture, topK);
    signal?.throwIfAborted();
    return { on: 'device', answer, reason, failure };
  }

  #emit<Type extends keyof ClientEvents>(type: Type, event: ClientEvents[Type]): void {
    this.#listeners[type].forEach((listener) => listener(event));
  }
}

type WithoutTime<Answered> = Answered extends unknown ? Omit<Answered, 'elapsedMs'> : never;
type Untimed = WithoutTime<Classified>;
type OnServer = Extract<Untimed, { on: 'server' }>;

/** The server saw the prepared picture only; sizes are those of the whole one. */
function preparedAnswer(
  picture: Blob,
  { png, width, height }: Prepared,
  { on, answer }: OnServer,
): OnServer {
  const image = { ...answer.image, width, height };
  const sent = { bytes: png.size, ofBytes: picture.size };
  return { on, answer: { ...answer, image }, sent };
}
