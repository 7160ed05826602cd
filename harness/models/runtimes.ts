/** Opens a model folder on both runtimes: with the server's code and with the browser's. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadModel } from '@/lib/server/inference/session';
import { readModelFolder, type ModelFolder } from '@/lib/server/models/folder';
import type { PreparedTensor } from '@/lib/shared/model/graph-values';
import { createSession } from '@/lib/worker/session';

type Run = (tensor: PreparedTensor) => Promise<{ readonly logits: Float32Array }>;

export interface BothRuntimes {
  readonly model: ModelFolder;
  /** Largest batch that the server may use; -1 means any. */
  readonly batch: number;
  readonly server: Run;
  readonly device: Run;
  readonly release: () => Promise<void>;
}

const arrayBuffer = async (file: string) => new Uint8Array(await readFile(file)).buffer;

/** @throws Error that says why a runtime refuses the folder */
export async function openBoth(directory: string, id: string): Promise<BothRuntimes> {
  const model = await readModelFolder(directory, id);
  const { labels, preprocessing, head, calibration } = model;
  const loaded = await loadModel({ ...model, classCount: labels.length });
  const { resolve } = createRequire(import.meta.url);
  const session = await createSession({
    kind: 'load',
    backend: 'wasm',
    scriptUrl: pathToFileURL(resolve('onnxruntime-web/ort-wasm-simd-threaded.mjs')).href,
    wasmBinary: await arrayBuffer(resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm')),
    modelBytes: await arrayBuffer(model.deviceFile.absolutePath),
    weights: await Promise.all(
      model.deviceData.map(async ({ absolutePath }) => ({
        path: path.basename(absolutePath),
        data: await arrayBuffer(absolutePath),
      })),
    ),
    threads: 1,
    preprocessing,
    head,
    labels,
    calibration,
  });
  return {
    model,
    batch: loaded.signature.input.shape[0]!,
    server: async (tensor) => {
      const [logits] = await loaded.graph.runPrepared(tensor, [loaded.signature.logits]);
      return { logits: logits!.data };
    },
    device: (tensor) => session.run(tensor),
    release: loaded.release,
  };
}
