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

/** An answer, where it was computed and, if on the device, why. */
export type Classified =
  | {
      readonly on: 'server';
      readonly answer: PredictResponse;
      readonly elapsedMs: number;
      /** What was sent instead of the file; absent if the file itself was sent. */
      readonly sent?: Sent;
    }
  | {
      readonly on: 'device';
      readonly answer: DeviceAnswer;
      readonly elapsedMs: number;
      readonly reason: DeviceReason;
      readonly failure: ServerFailure | undefined;
    };

/** Bytes sent to the server, and the bytes of the file. */
export interface Sent {
  readonly bytes: number;
  readonly ofBytes: number;
}

export interface ClientOptions {
  /** Answers when the server cannot. Default: none, so every picture goes to the server. */
  readonly device?: Pick<Device, 'ability' | 'classify'>;
  /** Shrinks pictures before they are sent. Default: none, so every file is sent whole. */
  readonly preparer?: Pick<Preparer, 'prepare' | 'forget'>;
  /** Origin of the server, such as `https://sightline.example`; default: the page's own origin. */
  readonly baseUrl?: string;
  /** An API key, which has its own quota. */
  readonly key?: string;
  /** Replaced by tests. */
  readonly runtime?: Partial<ClientRuntime>;
}

/** The functions of the browser that the client uses. */
export interface ClientRuntime {
  readonly askServer: typeof predictOnServer;
  /** Whether this browser can decode the picture. Asked before a model is loaded for it. */
  readonly canDecode: (picture: Blob) => Promise<boolean>;
  readonly isOnline: () => boolean;
  /** A monotonic clock, in milliseconds. */
  readonly now: () => number;
}

export interface AskOptions {
  /** Where to classify; default `automatic`. */
  readonly choice?: RuntimeChoice;
  /**
   * Id of the server's model; default: the server's default model. The device chooses its model
   * itself.
   */
  readonly model?: string | undefined;
  /** Number of labels; default: that of the server or device. */
  readonly topK?: number | undefined;
  readonly signal?: AbortSignal;
}

export interface ClientEvents {
  /** The picture is about to be sent to the server or given to the device. */
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
 * Asks the server; if the server cannot answer, asks the same model on this device. The client
 * needs only `fetch`, a device also needs Web Workers.
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
      // Some runtimes have a `navigator` without `onLine`.
      isOnline: () => globalThis.navigator?.onLine !== false,
      now: () => performance.now(),
      ...runtime,
    };
  }

  /** @returns a function that stops listening */
  on<Type extends keyof ClientEvents>(type: Type, listener: Listener<Type>): () => void {
    this.#listeners[type].add(listener);
    return () => this.#listeners[type].delete(listener);
  }

  /**
   * Classifies a picture where `where` decides. If the server fails for a reason that is not the
   * picture's, the device tries.
   *
   * @throws ServerError if the server failed and the device does not try, DeviceError if the device
   *   failed, and the reason of `signal` if it aborts
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

  /**
   * Asks the device. If the device fails too, and the server's first time limit was short, asks the
   * server again with the full limit.
   */
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
      // A visitor who chose the server waits a little rather than being refused.
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

/** The server's answer to a prepared picture, with the sizes of the whole picture. */
function preparedAnswer(
  picture: Blob,
  { png, width, height }: Prepared,
  { on, answer }: OnServer,
): OnServer {
  const image = { ...answer.image, width, height };
  const sent = { bytes: png.size, ofBytes: picture.size };
  return { on, answer: { ...answer, image }, sent };
}
