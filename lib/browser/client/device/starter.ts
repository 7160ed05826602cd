import type { ModelSummary } from '@/lib/shared/contract/models';
import { UNEVALUATED } from '@/lib/shared/model/evaluation';
import { SINGLE_LABEL } from '@/lib/shared/model/head';
import { DEFAULT_PICTURE_LIMITS } from '@/lib/shared/picture/rules';
import type { Backend, DeviceAssets } from './assets';
import { comparePredictions, type Comparison } from './comparison';
import { modelBytesOf, type Downloaded } from './download';
import { deviceFileOf } from './find-model';
import { DeviceError, WorkerBridge } from './worker-bridge';

/** The loaded file of the model's folder: the whole model, or a smaller one that agrees with it. */
export interface LoadedFile {
  /** Without its folders. */
  readonly name: string;
  readonly bytes: number;
}

/** A model in a worker, ready to answer. */
export interface Started {
  readonly bridge: WorkerBridge;
  readonly model: ModelSummary;
  readonly file: LoadedFile;
  readonly backend: Backend;
  readonly threads: number;
  /** How WebGPU compared with WebAssembly, where it was chosen. */
  readonly comparison?: Comparison;
}

/** Brings what the backend needs onto this device. */
type FetchModel = (backend: Backend) => Promise<Downloaded>;

/** Starts models in workers. */
export class Starter {
  /** A worker's first start fixes the number of WebAssembly threads; a retry uses one thread. */
  #hadTimeout = false;
  readonly #assets: DeviceAssets;

  constructor(assets: DeviceAssets) {
    this.#assets = assets;
  }

  /** Called when a worker hung: the next starts with one thread. */
  takeTimeout(): void {
    this.#hadTimeout = true;
  }

  /**
   * WebGPU only if it answers the known picture as WebAssembly does, else WebAssembly.
   *
   * @throws DeviceError `load-failed`, `timeout`, or what `fetchModel` throws
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
   * With several threads, and with one where that hangs: in Firefox threads that a worker starts
   * were seen to hang in about half of the starts.
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
 * One thread without cross-origin isolation, without shared memory (WebKit lacks it on isolated
 * pages too), and on phones, where several have hung.
 */
function threadCount(): number {
  const isPhone = matchMedia('(pointer: coarse)').matches;
  if (!crossOriginIsolated || typeof SharedArrayBuffer === 'undefined' || isPhone) return 1;
  return Math.min(4, Math.ceil(navigator.hardwareConcurrency / 2));
}
