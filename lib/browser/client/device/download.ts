import type { ModelFile, ModelSummary } from '@/lib/shared/contract/models';
import type { Backend, DeviceAssets } from './assets';
import { Consent } from './consent';
import {
  deviceDataOf,
  deviceFileOf,
  downloadBytesOf,
  findModel,
  keepModel,
  keptModelUrls,
  type DeviceRole,
} from './find-model';
import { fetchKept, forgetAllBut, isKept } from './kept-files';
import { DeviceError } from './worker-bridge';

export interface DownloadOrder {
  readonly backend: Backend;
  /** Undefined means the server's default model. */
  readonly modelId: string | undefined;
  /** Whether this model is still the chosen one. */
  readonly isCurrent: () => boolean;
  /** Whether a caller needs the model. Only then is the visitor asked about a large one. */
  readonly isNeeded: () => boolean;
  readonly onAsk: (modelBytes: number) => void;
  readonly onProgress: (receivedBytes: number, totalBytes: number) => void;
}

export interface Downloaded {
  readonly model: ModelSummary;
  readonly wasmBinary: ArrayBuffer;
  readonly modelBytes: ArrayBuffer;
  /** The external weight files; `path` is the name that the model uses. */
  readonly weights: { path: string; data: ArrayBuffer }[];
}

export interface DownloadPlace {
  readonly assets: DeviceAssets;
  readonly role: DeviceRole;
  /** Origin of the server; empty means the page's own origin. */
  readonly baseUrl: string;
  /** Whether to ask the visitor before loading a large model. */
  readonly asksForLarge: boolean;
}

/** Downloads a model and its runtime to this device. Each file comes from the network only once. */
export class ModelDownload {
  readonly #place: DownloadPlace;
  readonly #consent = new Consent();
  #controller: AbortController | undefined;

  constructor(place: DownloadPlace) {
    this.#place = place;
  }

  /** Cancels the download. Files that are already complete stay. */
  cancel(): void {
    this.#controller?.abort(new DeviceError('cancelled', 'The download was cancelled.'));
  }

  /** Passes on the visitor's answer to an open question. */
  allow(isAllowed: boolean): void {
    this.#consent.give(isAllowed);
  }

  /** Withdraws the question, because no caller needs the model any more. */
  withdrawQuestion(): void {
    this.#consent.withdraw();
  }

  /**
   * @throws DeviceError `download-failed`, `cancelled`, `declined` if the visitor declines, or
   *   `stopped` if another model was chosen meanwhile
   */
  async load(order: DownloadOrder): Promise<Downloaded> {
    const controller = new AbortController();
    this.#controller = controller;
    try {
      const model = await findModel(order.modelId, this.#place.baseUrl);
      if (this.#place.asksForLarge) await this.#askFor(model, order);
      return await this.#fetchAll(model, order, controller.signal);
    } catch (error) {
      if (error instanceof DeviceError) throw error;
      if (controller.signal.reason instanceof DeviceError) throw controller.signal.reason;
      throw new DeviceError('download-failed', 'The model could not be loaded onto this device.', {
        cause: error,
      });
    }
  }

  async #askFor(model: ModelSummary, order: DownloadOrder): Promise<void> {
    const { url } = deviceFileOf(model);
    const bytes = modelBytesOf(model);
    if (!this.#consent.isNeeded(url, bytes) || (await areKept(filesOf(model)))) return;
    if (!order.isCurrent()) throw stopped();
    if (!order.isNeeded()) throw new LargeModelError(bytes);
    order.onAsk(bytes);
    const isAllowed = await this.#consent.ask(url);
    if (isAllowed === undefined) throw stopped();
    if (!isAllowed) throw new LargeModelError(bytes);
  }

  async #fetchAll(
    model: ModelSummary,
    { backend, isCurrent, onProgress }: DownloadOrder,
    signal: AbortSignal,
  ): Promise<Downloaded> {
    const { wasmUrl, wasmBytes } = this.#place.assets.builds[backend];
    const files = filesOf(model);
    const received = new Map<string, number>();
    const totalBytes = downloadBytesOf(model, wasmBytes);
    const report = (url: string) => (bytes: number) => {
      received.set(url, bytes);
      if (!isCurrent()) return;
      onProgress(
        [...received.values()].reduce((sum, part) => sum + part, 0),
        totalBytes,
      );
    };
    const [wasmBinary, modelBytes, ...contents] = await Promise.all([
      fetchKept(wasmUrl, wasmBytes, report(wasmUrl), signal),
      ...files.map(({ url, bytes }) => fetchKept(url, bytes, report(url), signal)),
    ]);
    const weights = deviceDataOf(model).map(({ path }, i) => ({
      path: path.slice(path.lastIndexOf('/') + 1),
      data: contents[i]!,
    }));
    // Otherwise the files of the newly chosen model would be removed.
    if (!isCurrent()) throw stopped();
    await keepModel(model, this.#place.role);
    void this.#tidy(files.map(({ url }) => url));
    return { model, wasmBinary, modelBytes: modelBytes!, weights };
  }

  /** Removes older models and builds, except those that the device of the other role uses. */
  async #tidy(modelUrls: readonly string[]): Promise<void> {
    const builds = Object.values(this.#place.assets.builds).map((build) => build.wasmUrl);
    await forgetAllBut([...builds, ...(await keptModelUrls()), ...modelUrls]);
  }
}

/** The visitor declined a large model, or was not asked because no caller needs the model now. */
export class LargeModelError extends DeviceError {
  constructor(readonly bytes: number) {
    super('declined', 'The model is large, and was not to be loaded onto this device.');
  }
}

/** Size in bytes of the files that a browser loads for a model, without the runtime. */
export function modelBytesOf(model: ModelSummary): number {
  return filesOf(model).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The model file, then its external weight files. */
function filesOf(model: ModelSummary): ModelFile[] {
  return [deviceFileOf(model), ...deviceDataOf(model)];
}

async function areKept(files: readonly ModelFile[]): Promise<boolean> {
  return (await Promise.all(files.map(({ url }) => isKept(url)))).every(Boolean);
}

function stopped(): DeviceError {
  return new DeviceError('stopped', 'Another model or backend was chosen meanwhile.');
}
