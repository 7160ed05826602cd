/** Entry of a pool worker: decodes and infers, one picture at a time, on one thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { assertFinite } from '../../shared/vision/ranking';
import { imageToTensor } from '../../shared/vision/tensor';
import { configureDecoder, decodeImage } from '../intake/decode';
import type { ClassifyResult, ClassifyTask, WorkerModel, WorkerReady, WorkerSetup } from './task';

const WARMUP_RUNS = 3;

interface LoadedModel extends WorkerModel {
  readonly session: InferenceSession;
}

async function loadModel(model: WorkerModel): Promise<LoadedModel> {
  const session = await InferenceSession.create(model.onnxFile, {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  return { ...model, session };
}

async function classify(
  model: LoadedModel,
  bytes: Uint8Array,
  { limits }: WorkerSetup,
): Promise<ClassifyResult> {
  const startedAtMs = performance.now();
  const decoded = await decodeImage(bytes, limits);
  if (!decoded.ok) return decoded;
  const decodedAtMs = performance.now();
  const { data, dims } = imageToTensor(decoded.image, model.preprocessing);
  const outputs = await model.session.run(
    { [model.session.inputNames[0]!]: new Tensor('float32', data, dims) },
    [logitsName(model.session)],
  );
  const logits = outputs[logitsName(model.session)]!.data as Float32Array;
  assertFinite(logits);
  return {
    ok: true,
    width: decoded.image.width,
    height: decoded.image.height,
    logits,
    decodeMs: decodedAtMs - startedAtMs,
    inferenceMs: performance.now() - decodedAtMs,
  };
}

function logitsName({ outputNames }: InferenceSession): string {
  return outputNames.includes('logits') ? 'logits' : outputNames[0]!;
}

/** A photograph-sized JPEG, so that decoder, resize and session are all warm. */
function warmupPicture(): Promise<Uint8Array> {
  return sharp({
    create: { width: 500, height: 375, channels: 3, background: '#6a7f5b' },
  })
    .jpeg()
    .toBuffer();
}

/** @returns how long the last run took, in milliseconds */
async function warmUp(model: LoadedModel, setup: WorkerSetup): Promise<number> {
  const picture = await warmupPicture();
  let lastRunMs = 0;
  for (let run = 0; run < WARMUP_RUNS; run++) {
    const result = await classify(model, picture, setup);
    if (!result.ok) throw new Error(`warm-up of ${model.id} failed: ${result.problem.received}`);
    if (result.logits.length !== model.classCount) {
      throw new Error(
        `expected ${model.id} to output ${model.classCount} classes, as its id2label names them, ` +
          `but it outputs ${result.logits.length}`,
      );
    }
    lastRunMs = result.decodeMs + result.inferenceMs;
  }
  return lastRunMs;
}

async function start(): Promise<(task: ClassifyTask) => Promise<ClassifyResult>> {
  const setup = workerData as WorkerSetup;
  const startedAtMs = performance.now();
  configureDecoder();
  const models = new Map<string, LoadedModel>();
  let typicalTaskMs = 0;
  for (const described of setup.models) {
    const model = await loadModel(described);
    typicalTaskMs = Math.max(typicalTaskMs, await warmUp(model, setup));
    models.set(model.id, model);
  }
  const ready: WorkerReady = {
    kind: 'ready',
    warmupMs: performance.now() - startedAtMs,
    typicalTaskMs,
  };
  parentPort!.postMessage(ready);
  return ({ modelId, bytes }) => classify(models.get(modelId)!, bytes, setup);
}

/**
 * Ends the thread with the reason. A rejected promise would not do: the pool would take it for a
 * module without a handler, keep the thread and fail every task.
 */
function fail(reason: unknown): Promise<never> {
  setImmediate(() => {
    throw reason;
  });
  return new Promise(() => undefined);
}

export default start().catch(fail);
