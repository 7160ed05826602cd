/** The two runtimes that a model must run in: the server's worker pool, and onnxruntime-web. */
import { existsSync, readdirSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { availableProcessors, workersFor } from '../../lib/server/inference/processors';
import { InferencePool } from '../../lib/server/inference/pool';
import type { ModelFolder } from '../../lib/server/models/folder';
import { readWithoutWeights } from '../../lib/server/models/graph-file';
import { toWorkerModel } from '../../lib/server/inference/worker-model';
import type { Settings } from '../../lib/server/settings';
import { externalFiles, readOnnx } from '@/lib/shared/model/onnx-file';
import { createSession, type DeviceSession } from '../../lib/worker/session';

/** Enough for an evaluation, which submits only as many pictures as there are workers. */
const QUEUE_LIMIT = 1024;

export interface ServerRuntime {
  readonly pool: InferencePool;
  readonly stop: () => Promise<void>;
}

/**
 * The server's own worker pool with one model.
 *
 * @throws Error if the model does not load or does not fit its labels
 */
export async function openServerRuntime(
  model: ModelFolder,
  settings: Settings,
  workers = settings.inferenceWorkers || workersFor(availableProcessors()),
): Promise<ServerRuntime> {
  const { workerFile, remove } = await poolWorker();
  const pool = new InferencePool({
    workerFile,
    workers,
    isolation: settings.inferenceIsolation,
    memoryBytes: settings.pictureMemoryBytes,
    queueLimit: QUEUE_LIMIT,
    setup: {
      models: [toWorkerModel(model)],
      executionProviders: settings.executionProviders,
      limits: {
        maxImagePixels: settings.maxImagePixels,
        maxDecodeBytes: settings.maxDecodeBytes,
        timeoutSeconds: settings.decodeTimeoutSeconds,
      },
    },
  });
  const stop = async () => {
    await pool.stop();
    await remove();
  };
  await pool.started();
  if (pool.state === 'ready') return { pool, stop };
  const { failure } = pool;
  await stop();
  throw new Error(failure?.message ?? 'the worker pool did not start', { cause: failure });
}

const WORKER = 'inference-worker.cjs';

/** The built worker next to this file; else bundles it now. */
async function poolWorker(): Promise<{ workerFile: string; remove: () => Promise<void> }> {
  const built = path.join(import.meta.dirname, WORKER);
  if (existsSync(built)) return { workerFile: built, remove: () => Promise.resolve() };
  const { bundlePoolWorker } = await import('../build-assets');
  // In a separate folder, because a server that is starting may be reading the other one.
  const output = path.resolve('.build', `model-${process.pid}`);
  await bundlePoolWorker(output);
  const remove = () => rm(output, { recursive: true, force: true });
  return { workerFile: path.join(output, WORKER), remove };
}

/**
 * onnxruntime-web with its WebAssembly in Node, started by the code of the browser's worker.
 *
 * @throws WorkerError `load-failed`
 */
export async function openWebRuntime(
  onnxFile: string,
  { preprocessing, labels, head, calibration }: ModelFolder,
): Promise<DeviceSession> {
  const { script, binary } = webAssembly();
  return createSession({
    kind: 'load',
    backend: 'wasm',
    scriptUrl: pathToFileURL(script).href,
    wasmBinary: toArrayBuffer(await readFile(binary)),
    modelBytes: toArrayBuffer(await readFile(onnxFile)),
    weights: await readWeights(onnxFile),
    threads: 1,
    preprocessing,
    labels,
    head,
    calibration,
  });
}

const WEB_ASSEMBLY = 'ort-wasm-simd-threaded';

/** The files that browsers load: from the build, else from the package. */
function webAssembly(): { script: string; binary: string } {
  const ofBuild = path.join(import.meta.dirname, '../../public/ort');
  const folder = existsSync(ofBuild) ? readdirSync(ofBuild) : [];
  const built = folder
    .map((name) => path.join(ofBuild, name, WEB_ASSEMBLY))
    .find((base) => existsSync(`${base}.mjs`));
  if (built !== undefined) return { script: `${built}.mjs`, binary: `${built}.wasm` };
  const require = createRequire(import.meta.url);
  const resolve = (ending: string) => require.resolve(`onnxruntime-web/${WEB_ASSEMBLY}.${ending}`);
  return { script: resolve('mjs'), binary: resolve('wasm') };
}

/** Reads a model's external weight files. */
async function readWeights(onnxFile: string): Promise<{ path: string; data: ArrayBuffer }[]> {
  const { graph } = readOnnx(await readWithoutWeights(onnxFile));
  return Promise.all(
    externalFiles(graph).map(async (name) => ({
      path: name,
      data: toArrayBuffer(await readFile(path.join(path.dirname(onnxFile), name))),
    })),
  );
}

function toArrayBuffer({ buffer, byteOffset, byteLength }: Buffer<ArrayBuffer>): ArrayBuffer {
  return buffer.slice(byteOffset, byteOffset + byteLength);
}
