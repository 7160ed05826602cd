import type { ModelSummary } from '@/lib/shared/contract/models';
import { UNEVALUATED } from '@/lib/shared/model/evaluation';
import { SINGLE_LABEL } from '@/lib/shared/model/head';
import { DEFAULT_PICTURE_LIMITS } from '@/lib/shared/picture/rules';
import type { Backend, DeviceAssets } from './assets';
import { comparePredictions, type Comparison } from './comparison';
import { modelBytesOf, type Downloaded } from './download';
import { deviceFileOf } from './find-model';
import { DeviceError, WorkerBridge } from './worker-bridge';

/** The loaded model file: the whole model, or a smaller file that agrees with it. */
export interface LoadedFile {
  /** File name without folders. */
  readonly name: string;
  readonly bytes: number;
}

/** A model that is ready in a worker. */
export interface Started {
  readonly bridge: WorkerBridge;
  readonly model: ModelSummary;
  readonly file: LoadedFile;
  readonly backend: Backend;
  readonly threads: number;
  /** How WebGPU's answer compared with WebAssembly's; present if WebGPU was chosen. */
  readonly comparison?: Comparison;
}

/** Downloads the model and the runtime for a backend. */
type FetchModel = (backend: Backend) => Promise<Downloaded>;

/** Starts models in workers. */
export class Starter {
  /**
   * Whether a start has timed out. A worker's first start fixes its number of threads, so the retry
   * needs a new worker, with one thread.
   */
  #hadTimeout = false;
  readonly #assets: DeviceAssets;

  constructor(assets: DeviceAssets) {
    this.#assets = assets;
  }

  /** Called when a worker hung: later starts use one thread. */
  takeTimeout(): void {
    this.#hadTimeout = true;
  }

  /**
   * Starts the model. WebGPU is used only if it classifies the known picture as WebAssembly does;
   * otherwise WebAssembly is.
   *
   * @throws DeviceError `load-failed`, `timeout`, or any error of `fetchModel`
   */
  async start(backend: Backend, fetchModel: FetchModel): Promise<Started> {
    const wasm = await this.#startSafely('wasm', fetchModel);
    if (backend === 'wasm') return wasm;
    const { webgpu, comparison } = await this.#tryWebGpu(wasm, fetchModel);
    const isTrusted = webgpu !== undefined && comparison.agrees;
    if (isTrusted) wasm.bridge.stop();
    else webgpu?.bridge.stop();
    return { ...(isTrusted ? webgpu : wasm), comparison };
  }

  async #tryWebGpu(
    wasm: Started,
    fetchModel: FetchModel,
  ): Promise<{ webgpu?: Started; comparison: Comparison }> {
    let webgpu: Started | undefined;
    try {
      webgpu = await this.#startSafely('webgpu', fetchModel);
      const picture = await (await fetch(this.#assets.knownPictureUrl)).blob();
      const { maxImagePixels } = DEFAULT_PICTURE_LIMITS;
      const request = { picture, topK: wasm.model.labels.length, maxImagePixels };
      const known = await wasm.bridge.classify(request);
      const tried = await webgpu.bridge.classify(request);
      return { webgpu, comparison: comparePredictions(known.predictions, tried.predictions) };
    } catch (error) {
      webgpu?.bridge.stop();
      const failure = (error as Error).message;
      return { comparison: { agrees: false, largestDifference: 1, failure } };
    }
  }

  /**
   * Starts with several threads; if that hangs, with one. In Firefox, threads that a worker starts
   * hung in about half of the starts.
   */
  async #startSafely(backend: Backend, fetchModel: FetchModel): Promise<Started> {
    const threads = this.#hadTimeout ? 1 : threadCount();
    try {
      return await this.#startWith(backend, threads, fetchModel);
    } catch (error) {
      const hung = error instanceof DeviceError && error.code === 'timeout';
      if (!hung) throw error;
      this.#hadTimeout = true;
      if (threads === 1) throw error;
      return await this.#startWith(backend, 1, fetchModel);
    }
  }

  async #startWith(backend: Backend, threads: number, fetchModel: FetchModel): Promise<Started> {
    const { model, wasmBinary, modelBytes, weights } = await fetchModel(backend);
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
    return { bridge, model, file: loadedFileOf(model), backend, threads };
  }
}

function loadedFileOf(model: ModelSummary): LoadedFile {
  return { name: deviceFileOf(model).path.split('/').at(-1)!, bytes: modelBytesOf(model) };
}

/**
 * Number of threads. It is one without cross-origin isolation, without shared memory (WebKit lacks
 * it even on isolated pages), and on phones, where several threads have hung.
 */
function threadCount(): number {
  const isPhone = matchMedia('(pointer: coarse)').matches;
  if (!crossOriginIsolated || typeof SharedArrayBuffer === 'undefined' || isPhone) return 1;
  return Math.min(4, Math.ceil(navigator.hardwareConcurrency / 2));
}
