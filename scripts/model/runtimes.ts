/** The two runtimes that a model has to run in: the server's pool, and what browsers load. */
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
import { bundlePoolWorker } from '../build-assets';

/** Enough for every picture of an evaluation: callers hand in only as many as there are workers. */
const QUEUE_LIMIT = 1024;

export interface ServerRuntime {
  readonly pool: InferencePool;
  readonly stop: () => Promise<void>;
}

/**
 * The server's own worker pool with one model in it.
 *
 * @throws Error if the model does not load or does not fit its labels
 */
export async function openServerRuntime(
  model: ModelFolder,
  settings: Settings,
  workers = settings.inferenceWorkers || workersFor(availableProcessors()),
): Promise<ServerRuntime> {
  // A folder of its own: a server that is being started may read the other one.
  const output = path.resolve('.build', `model-${process.pid}`);
  await bundlePoolWorker(output);
  const pool = new InferencePool({
    workerFile: path.join(output, 'inference-worker.cjs'),
    workers,
    isolation: settings.inferenceIsolation,
    memoryBytes: settings.pictureMemoryBytes,
    queueLimit: QUEUE_LIMIT,
    setup: {
      models: [toWorkerModel(model)],
      limits: {
        maxImagePixels: settings.maxImagePixels,
        maxDecodeBytes: settings.maxDecodeBytes,
        timeoutSeconds: settings.decodeTimeoutSeconds,
      },
    },
  });
  const stop = async () => {
    await pool.stop();
    await rm(output, { recursive: true, force: true });
  };
  await pool.started();
  if (pool.state === 'ready') return { pool, stop };
  const { failure } = pool;
  await stop();
  throw new Error(failure?.message ?? 'the worker pool did not start', { cause: failure });
}

/**
 * onnxruntime-web with its WebAssembly, started by the browser worker's own code, here in Node.
 *
 * @throws WorkerError `load-failed`
 */
export async function openWebRuntime(
  onnxFile: string,
  { preprocessing, labels, head, calibration }: ModelFolder,
): Promise<DeviceSession> {
  const require = createRequire(import.meta.url);
  const script = require.resolve('onnxruntime-web/ort-wasm-simd-threaded.mjs');
  const binary = require.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');
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

/** The files beside a model in which it keeps weights. */
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
