import { DEFAULT_PICTURE_LIMITS } from '@/lib/shared/picture/rules';
import type { Ranked } from '@/lib/shared/vision/answer';
import type { Explanation, ExplanationMethod } from '@/lib/shared/vision/explain/heat-map';
import type { DeviceAbility } from '../where';
import { assetsAt, type Backend, type DeviceAssets } from './assets';
import type { Comparison } from './comparison';
import { LargeModelError, ModelDownload, type Downloaded } from './download';
import type { DeviceRole } from './find-model';
import { savesData } from './saves-data';
import { Starter, type LoadedFile, type Started } from './starter';
import { DeviceError, type ExplainOptions, type WorkerBridge } from './worker-bridge';

const { maxImagePixels } = DEFAULT_PICTURE_LIMITS;

export type DeviceState =
  /** `largeBytes` is the size of a model that was not loaded because it is large. */
  | { readonly kind: 'absent'; readonly largeBytes?: number }
  /** The model is large, and the visitor is being asked whether to load it. */
  | { readonly kind: 'asking'; readonly bytes: number }
  | { readonly kind: 'downloading'; readonly receivedBytes: number; readonly totalBytes: number }
  | { readonly kind: 'starting' }
  | {
      readonly kind: 'ready';
      /** The backend in use. It is WebAssembly if WebGPU was chosen but gave other answers. */
      readonly backend: Backend;
      readonly threads: number;
      readonly file: LoadedFile;
      /** How WebGPU's answer compared with WebAssembly's; present if WebGPU was chosen. */
      readonly comparison?: Comparison;
    }
  | { readonly kind: 'failed'; readonly message: string };

export interface DeviceAnswer extends Ranked {
  readonly id: string;
  readonly model: { readonly id: string; readonly version: string };
  readonly image: { readonly width: number; readonly height: number };
  readonly source: 'browser';
  readonly backend: Backend;
  /** Absent in what an older version of this page stored. */
  readonly file?: LoadedFile;
  readonly timings: {
    readonly decodeMs: number;
    readonly inferenceMs: number;
    readonly totalMs: number;
  };
}

export interface DeviceOptions {
  readonly role?: DeviceRole;
  /** Origin of the server; empty means the page's own origin. */
  readonly baseUrl?: string;
  /**
   * Whether to ask the visitor before loading a large model. The page must then show the question.
   */
  readonly asksForLarge?: boolean;
}

/** The model on this device: absent, loading, or ready. A page has one instance per role. */
export class Device {
  #state: DeviceState = { kind: 'absent' };
  #loading: Promise<Started> | undefined;
  #backend: Backend = 'wasm';
  #modelId: string | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #starter: Starter;
  readonly #download: ModelDownload;
  /** Whether a caller needs the model that is being loaded now. */
  #isNeeded = false;

  constructor(
    assets: DeviceAssets,
    { role = 'answers', baseUrl = '', asksForLarge = true }: DeviceOptions = {},
  ) {
    const placed = assetsAt(assets, baseUrl);
    this.#starter = new Starter(placed);
    this.#download = new ModelDownload({ assets: placed, role, baseUrl, asksForLarge });
  }

  get state(): DeviceState {
    return this.#state;
  }

  /** Id of the model that answers; undefined means the server's default model. */
  get modelId(): string | undefined {
    return this.#modelId;
  }

  /** For `useSyncExternalStore`. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  ability(): DeviceAbility {
    if (this.#state.kind === 'ready') return 'ready';
    return savesData() ? 'costly' : 'available';
  }

  /** Chooses WebAssembly or WebGPU. The change takes effect with the next request. */
  useBackend(backend: Backend): void {
    if (backend === this.#backend) return;
    this.#backend = backend;
    this.forget();
  }

  /**
   * Chooses the model; undefined means the server's default model. A change unloads the previous
   * model.
   */
  useModel(id: string | undefined): void {
    if (id === this.#modelId) return;
    this.#modelId = id;
    this.forget();
  }

  /** Stops the worker. The next request loads the model again. */
  forget(): void {
    this.#download.withdrawQuestion();
    void this.#loading?.then(({ bridge }) => bridge.stop()).catch(() => undefined);
    this.#loading = undefined;
    this.#setState({ kind: 'absent' });
  }

  /** Cancels a download. The next request continues with the files that are already kept. */
  cancelDownload(): void {
    if (this.#state.kind !== 'downloading') return;
    this.#download.cancel();
  }

  /** Passes on the visitor's answer while the state is `asking`. */
  allowDownload(isAllowed: boolean): void {
    this.#download.allow(isAllowed);
  }

  /**
   * Loads the model, once for all callers. If loading fails, the next call tries again. Asks the
   * visitor before loading a large model.
   *
   * @throws DeviceError `download-failed`, `cancelled`, `load-failed`, `timeout`, or `declined` if
   *   the visitor declines
   */
  async prepare(): Promise<void> {
    await this.#load();
  }

  /**
   * Loads the model before a caller needs it.
   *
   * @throws DeviceError as `prepare` does, and `declined` for a large model, which is not loaded
   *   ahead
   */
  async prepareAhead(): Promise<void> {
    await this.#load({ isNeeded: false });
  }

  /**
   * Classifies a picture on this device. No data leaves the device.
   *
   * @throws DeviceError that names the fault of the picture, the model or this browser; `stopped`
   *   if another model or backend was chosen meanwhile
   */
  async classify(picture: Blob | ImageBitmap, topK?: number): Promise<DeviceAnswer> {
    const { bridge, model, file, backend } = await this.#load();
    const startedAtMs = performance.now();
    const reply = await bridge
      .classify({ picture, topK, maxImagePixels })
      .finally(() => this.#forgetIfStopped(bridge));
    return {
      id: newId(),
      model: { id: model.id, version: model.version },
      head: reply.head,
      predictions: reply.predictions,
      uncertain: reply.uncertain,
      image: { width: reply.width, height: reply.height },
      source: 'browser',
      backend,
      file,
      timings: {
        decodeMs: reply.decodeMs,
        inferenceMs: reply.inferenceMs,
        totalMs: performance.now() - startedAtMs,
      },
    };
  }

  /** For a multi-label model: the score from which labels are selected; else undefined. */
  async threshold(): Promise<number | undefined> {
    const { model } = await this.#load();
    return model.head?.threshold;
  }

  /**
   * Computes on this device where the evidence for a class lies.
   *
   * @throws DeviceError as `classify` does, or `stopped` if `signal` aborts
   */
  async explain(
    picture: Blob,
    index: number,
    { method, ...options }: ExplainOptions & { readonly method?: ExplanationMethod } = {},
  ): Promise<Explanation> {
    const { bridge } = await this.#load();
    const request = {
      picture,
      index,
      maxImagePixels,
      ...(method ? { method } : {}),
    };
    const { explanation } = await bridge
      .explain(request, options)
      .finally(() => this.#forgetIfStopped(bridge));
    return explanation;
  }

  #load({ isNeeded = true } = {}): Promise<Started> {
    this.#isNeeded = isNeeded || (this.#isNeeded && this.#loading !== undefined);
    if (this.#loading) return this.#loading;
    const loading = this.#start(this.#backend);
    this.#loading = loading;
    loading.catch((error: unknown) => {
      if (this.#loading !== loading) return;
      this.#loading = undefined;
      if (error instanceof LargeModelError) {
        return this.#setState({ kind: 'absent', largeBytes: error.bytes });
      }
      if (error instanceof DeviceError && error.code === 'cancelled') {
        return this.#setState({ kind: 'absent' });
      }
      this.#setState({ kind: 'failed', message: (error as Error).message });
    });
    return loading;
  }

  async #start(backend: Backend): Promise<Started> {
    const modelId = this.#modelId;
    const isCurrent = () => modelId === this.#modelId;
    const started = await this.#starter.start(backend, (needed) =>
      this.#fetch(needed, modelId, isCurrent),
    );
    if (backend === this.#backend && isCurrent()) {
      const { threads, file, comparison } = started;
      const compared = comparison ? { comparison } : {};
      this.#setState({ kind: 'ready', backend: started.backend, threads, file, ...compared });
    }
    return started;
  }

  async #fetch(
    backend: Backend,
    modelId: string | undefined,
    isCurrent: () => boolean,
  ): Promise<Downloaded> {
    const downloaded = await this.#download.load({
      backend,
      modelId,
      isCurrent,
      isNeeded: () => this.#isNeeded,
      onAsk: (bytes) => this.#setState({ kind: 'asking', bytes }),
      onProgress: (receivedBytes, totalBytes) =>
        this.#setState({ kind: 'downloading', receivedBytes, totalBytes }),
    });
    this.#setState({ kind: 'starting' });
    return downloaded;
  }

  #forgetIfStopped(bridge: WorkerBridge): void {
    if (!bridge.stopped || this.#state.kind !== 'ready') return;
    this.#loading = undefined;
    this.#starter.takeTimeout();
    this.#setState({ kind: 'absent' });
  }

  #setState(state: DeviceState): void {
    this.#state = state;
    this.#listeners.forEach((listener) => listener());
  }
}

/** `crypto.randomUUID` exists only on secure pages. */
function newId(): string {
  return 'randomUUID' in crypto ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
}
