import type { ModelSummary } from '@/lib/shared/contract/models';
import { UNEVALUATED } from '@/lib/shared/model/evaluation';
import { SINGLE_LABEL } from '@/lib/shared/model/head';
import { DEFAULT_PICTURE_LIMITS } from '@/lib/shared/picture/rules';
import type { Ranked } from '@/lib/shared/vision/answer';
import type { Explanation, ExplanationMethod } from '@/lib/shared/vision/explain/heat-map';
import type { DeviceAbility } from '../where';
import { comparePredictions, type Comparison } from './comparison';
import { assetsAt, type Backend, type DeviceAssets } from './assets';
import {
  deviceDataOf,
  deviceFileOf,
  downloadBytesOf,
  findModel,
  keepModel,
  keptModelUrls,
  type DeviceRole,
} from './find-model';
import { fetchKept, forgetAllBut } from './kept-files';
import { savesData } from './saves-data';
import { DeviceError, WorkerBridge, type ExplainOptions } from './worker-bridge';

const { maxImagePixels } = DEFAULT_PICTURE_LIMITS;

export type DeviceState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'downloading'; readonly receivedBytes: number; readonly totalBytes: number }
  | { readonly kind: 'starting' }
  | {
      readonly kind: 'ready';
      /** The backend in use: WebAssembly if WebGPU was chosen but gave other answers. */
      readonly backend: Backend;
      readonly threads: number;
      readonly file: LoadedFile;
      /** How WebGPU compared with WebAssembly, where it was chosen. */
      readonly comparison?: Comparison;
    }
  | { readonly kind: 'failed'; readonly message: string };

/** The loaded file of the model's folder: the whole model, or a smaller one that agrees with it. */
export interface LoadedFile {
  /** Without its folders. */
  readonly name: string;
  readonly bytes: number;
}

export interface DeviceAnswer extends Ranked {
  readonly id: string;
  readonly model: { readonly id: string; readonly version: string };
  readonly image: { readonly width: number; readonly height: number };
  readonly source: 'browser';
  readonly backend: Backend;
  /** Absent in what an older version of this page kept. */
  readonly file?: LoadedFile;
  readonly timings: {
    readonly decodeMs: number;
    readonly inferenceMs: number;
    readonly totalMs: number;
  };
}

interface Loaded {
  readonly bridge: WorkerBridge;
  readonly model: ModelSummary;
  readonly file: LoadedFile;
  readonly backend: Backend;
}

/** The model on this device: absent, on its way, or ready. One instance a page and role. */
export class Device {
  #state: DeviceState = { kind: 'absent' };
  #loading: Promise<Loaded> | undefined;
  #backend: Backend = 'wasm';
  #modelId: string | undefined;
  #download: AbortController | undefined;
  /** A worker's first start fixes the number of WebAssembly threads; a retry uses one thread. */
  #hadTimeout = false;
  readonly #listeners = new Set<() => void>();
  readonly #assets: DeviceAssets;
  readonly #role: DeviceRole;
  readonly #baseUrl: string;

  /** @param baseUrl origin of the server; the page's own if empty */
  constructor(assets: DeviceAssets, role: DeviceRole = 'answers', baseUrl = '') {
    this.#assets = assetsAt(assets, baseUrl);
    this.#role = role;
    this.#baseUrl = baseUrl;
  }

  get state(): DeviceState {
    return this.#state;
  }

  /** Id of the model that answers, undefined for the server's default. */
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

  /** Chooses WebAssembly or WebGPU. A change takes effect at the next use. */
  useBackend(backend: Backend): void {
    if (backend === this.#backend) return;
    this.#backend = backend;
    this.forget();
  }

  /** Chooses the model, the server's default if undefined. A change unloads the model before. */
  useModel(id: string | undefined): void {
    if (id === this.#modelId) return;
    this.#modelId = id;
    this.forget();
  }

  /** Stops what runs; the next use loads anew. */
  forget(): void {
    void this.#loading?.then(({ bridge }) => bridge.stop()).catch(() => undefined);
    this.#loading = undefined;
    this.#setState({ kind: 'absent' });
  }

  /** Ends a download; the next use begins it again, with what is kept of it. */
  cancelDownload(): void {
    if (this.#state.kind !== 'downloading') return;
    this.#download?.abort(new DeviceError('cancelled', 'The download was cancelled.'));
  }

  /**
   * Loads the model once for all callers; a failed load is tried again by the next.
   *
   * @throws DeviceError `download-failed`, `cancelled`, `load-failed` or `timeout`
   */
  async prepare(): Promise<void> {
    await this.#load();
  }

  /**
   * Classifies a picture here; nothing of it leaves the device.
   *
   * @throws DeviceError with what is wrong with the picture, the model or this browser; `stopped`
   *   where another model or backend was chosen meanwhile
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

  /**
   * Where the evidence for a class lies, computed here.
   *
   * @throws DeviceError as `classify`, or `stopped` when `signal` aborts
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

  #load(): Promise<Loaded> {
    if (this.#loading) return this.#loading;
    const loading = this.#start(this.#backend);
    this.#loading = loading;
    loading.catch((error: unknown) => {
      if (this.#loading !== loading) return;
      this.#loading = undefined;
      if (error instanceof DeviceError && error.code === 'cancelled') {
        return this.#setState({ kind: 'absent' });
      }
      this.#hadTimeout ||= error instanceof DeviceError && error.code === 'timeout';
      this.#setState({ kind: 'failed', message: (error as Error).message });
    });
    return loading;
  }

  async #start(backend: Backend): Promise<Loaded> {
    const modelId = this.#modelId;
    const { loaded, comparison } =
      backend === 'webgpu'
        ? await this.#startTrusted()
        : { loaded: await this.#startBridge(backend), comparison: undefined };
    if (backend === this.#backend && modelId === this.#modelId) {
      const threads = this.#threads();
      this.#setState({
        kind: 'ready',
        backend: loaded.backend,
        threads,
        file: loaded.file,
        ...(comparison ? { comparison } : {}),
      });
    }
    return loaded;
  }

  /** WebGPU if it answers the known picture as WebAssembly does, else WebAssembly. */
  async #startTrusted(): Promise<{ loaded: Loaded; comparison: Comparison }> {
    const wasm = await this.#startBridge('wasm');
    const { webgpu, comparison } = await this.#tryWebGpu(wasm);
    const isTrusted = webgpu !== undefined && comparison.agrees;
    if (isTrusted) wasm.bridge.stop();
    else webgpu?.bridge.stop();
    return { loaded: isTrusted ? webgpu : wasm, comparison };
  }

  async #tryWebGpu(wasm: Loaded): Promise<{ webgpu?: Loaded; comparison: Comparison }> {
    let webgpu: Loaded | undefined;
    try {
      webgpu = await this.#startBridge('webgpu');
      const picture = await (await fetch(this.#assets.knownPictureUrl)).blob();
      const request = {
        picture,
        topK: wasm.model.labels.length,
        maxImagePixels,
      };
      const known = await wasm.bridge.classify(request);
      const tried = await webgpu.bridge.classify(request);
      return { webgpu, comparison: comparePredictions(known.predictions, tried.predictions) };
    } catch (error) {
      webgpu?.bridge.stop();
      const failure = (error as Error).message;
      return { comparison: { agrees: false, largestDifference: 1, failure } };
    }
  }

  #threads(): number {
    return this.#hadTimeout ? 1 : threadCount();
  }

  /**
   * With several threads, and with one where that hangs: in Firefox threads that a worker starts
   * were seen to hang in about half of the starts.
   */
  async #startBridge(backend: Backend): Promise<Loaded> {
    const threads = this.#threads();
    try {
      return await this.#startBridgeWith(backend, threads);
    } catch (error) {
      if (threads === 1 || !(error instanceof DeviceError && error.code === 'timeout')) throw error;
      this.#hadTimeout = true;
      return await this.#startBridgeWith(backend, 1);
    }
  }

  async #startBridgeWith(backend: Backend, threads: number): Promise<Loaded> {
    const { model, wasmBinary, modelBytes, weights } = await this.#downloadAll(backend);
    this.#setState({ kind: 'starting' });
    const bridge = new WorkerBridge(this.#assets.workerUrl);
    try {
      await bridge.load({
        backend,
        scriptUrl: new URL(this.#assets.builds[backend].scriptUrl, location.href).href,
        wasmBinary,
        modelBytes,
        weights,
        threads,
        preprocessing: model.preprocessing,
        head: model.head ?? SINGLE_LABEL,
        labels: model.labels,
        calibration: model.sureness ?? UNEVALUATED,
      });
    } catch (error) {
      bridge.stop();
      throw error;
    }
    return { bridge, model, file: loadedFileOf(model), backend };
  }

  async #downloadAll(backend: Backend): Promise<{
    model: ModelSummary;
    wasmBinary: ArrayBuffer;
    modelBytes: ArrayBuffer;
    weights: { path: string; data: ArrayBuffer }[];
  }> {
    const { wasmUrl, wasmBytes } = this.#assets.builds[backend];
    const modelId = this.#modelId;
    const controller = new AbortController();
    const { signal } = controller;
    this.#download = controller;
    try {
      const model = await findModel(modelId, this.#baseUrl);
      const file = deviceFileOf(model);
      const data = deviceDataOf(model);
      const received = new Map<string, number>();
      const totalBytes = downloadBytesOf(model, wasmBytes);
      const report = (part: string) => (bytes: number) => {
        received.set(part, bytes);
        if (modelId !== this.#modelId) return;
        const receivedBytes = [...received.values()].reduce((sum, part) => sum + part, 0);
        this.#setState({ kind: 'downloading', receivedBytes, totalBytes });
      };
      const [wasmBinary, modelBytes, ...contents] = await Promise.all([
        fetchKept(wasmUrl, wasmBytes, report(wasmUrl), signal),
        ...[file, ...data].map(({ url, bytes }) => fetchKept(url, bytes, report(url), signal)),
      ]);
      const weights = data.map(({ path }, i) => ({
        path: path.slice(path.lastIndexOf('/') + 1),
        data: contents[i]!,
      }));
      // Keeping its files would remove those of the model chosen since.
      if (modelId !== this.#modelId) {
        throw new DeviceError('stopped', 'Another model was chosen meanwhile.');
      }
      await keepModel(model, this.#role);
      void this.#tidy([file, ...data].map(({ url }) => url));
      return { model, wasmBinary, modelBytes: modelBytes!, weights };
    } catch (error) {
      if (error instanceof DeviceError) throw error;
      if (signal.reason instanceof DeviceError) throw signal.reason;
      throw new DeviceError('download-failed', 'The model could not be loaded onto this device.', {
        cause: error,
      });
    }
  }

  /** Removes older models and builds, except those that the device of the other role uses. */
  async #tidy(modelUrls: readonly string[]): Promise<void> {
    const builds = Object.values(this.#assets.builds).map((build) => build.wasmUrl);
    await forgetAllBut([...builds, ...(await keptModelUrls()), ...modelUrls]);
  }

  #forgetIfStopped(bridge: WorkerBridge): void {
    if (!bridge.stopped || this.#state.kind !== 'ready') return;
    this.#loading = undefined;
    this.#hadTimeout = true;
    this.#setState({ kind: 'absent' });
  }

  #setState(state: DeviceState): void {
    this.#state = state;
    this.#listeners.forEach((listener) => listener());
  }
}

function loadedFileOf(model: ModelSummary): LoadedFile {
  const { path, bytes } = deviceFileOf(model);
  const all = deviceDataOf(model).reduce((sum, part) => sum + part.bytes, bytes);
  return { name: path.split('/').at(-1)!, bytes: all };
}

/**
 * One thread without cross-origin isolation, without shared memory (WebKit lacks it on isolated
 * pages too), and on phones, where several have hung.
 */
function threadCount(): number {
  const isPhone = matchMedia('(pointer: coarse)').matches;
  if (!crossOriginIsolated || typeof SharedArrayBuffer === 'undefined' || isPhone) return 1;
  return Math.min(4, Math.ceil(navigator.hardwareConcurrency / 2));
}

/** `crypto.randomUUID` exists on secure pages only. */
function newId(): string {
  return 'randomUUID' in crypto ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
}
