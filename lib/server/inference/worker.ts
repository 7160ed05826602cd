/** Entry of a pool worker: decodes and infers, one task at a time, on one thread. */
import { parentPort, workerData } from 'node:worker_threads';
import sharp from 'sharp';
import { assertFinite } from '../../shared/vision/ranking';
import { ACTIVATIONS_OUTPUT, spreadOfActivations } from '../../shared/vision/uncertainty';
import { imageToTensor } from '../../shared/vision/tensor';
import { configureDecoder, decodeImage } from '../intake/decode';
import { releasePixels } from './release-pixels';
import { loadModel, runModel, type LoadedModel } from './session';
import type {
  ClassifyResult,
  ClassifyTask,
  PoolResult,
  PoolTask,
  TensorResult,
  TensorTask,
  WorkerReady,
  WorkerSetup,
} from './task';

const WARMUP_RUNS = 3;

type Picture = Pick<ClassifyTask, 'bytes' | 'extraOutputs'>;

async function classify(
  model: LoadedModel,
  { bytes, extraOutputs = [] }: Picture,
  { limits }: WorkerSetup,
): Promise<ClassifyResult> {
  const startedAtMs = performance.now();
  const decoded = await decodeImage(bytes, limits);
  if (!decoded.ok) return decoded;
  const decodedAtMs = performance.now();
  const { data, dims } = imageToTensor(decoded.image, model.preprocessing);
  const { logits: logitsName, outputs, input } = model.signature;
  const hasActivations = outputs.some(({ name }) => name === ACTIVATIONS_OUTPUT);
  const always = hasActivations ? [logitsName, ACTIVATIONS_OUTPUT] : [logitsName];
  const wanted = extraOutputs.filter((name) => name !== input.name);
  const tensors = await runModel(model, data, dims, [...new Set([...always, ...wanted])]);
  const find = (sought: string) => tensors.find(({ name }) => name === sought);
  const logits = find(logitsName)!;
  assertFinite(logits.data);
  return {
    ok: true,
    width: decoded.image.width,
    height: decoded.image.height,
    logits: logits.data,
    evidenceSpread: spreadOfActivations(find(ACTIVATIONS_OUTPUT)),
    extra: extraOutputs.map((name) => (name === input.name ? { name, dims, data } : find(name)!)),
    decodeMs: decodedAtMs - startedAtMs,
    inferenceMs: performance.now() - decodedAtMs,
  };
}

async function infer(
  model: LoadedModel,
  { data, dims, outputs: names }: TensorTask,
): Promise<TensorResult> {
  const startedAtMs = performance.now();
  const outputs = await runModel(model, data, dims, names);
  return { outputs, inferenceMs: performance.now() - startedAtMs };
}

/** A photograph-sized JPEG, so that decoder, resize and session are all warm. */
function warmupPicture(): Promise<Buffer<ArrayBuffer>> {
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
    const result = await classify(model, { bytes: picture }, setup);
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

async function start(): Promise<(task: PoolTask) => Promise<PoolResult>> {
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
    signatures: [...models.values()].map(({ signature }) => signature),
  };
  parentPort!.postMessage(ready);
  return async (task) => {
    const model = models.get(task.modelId)!;
    if (task.kind === 'tensor') return infer(model, task);
    const result = await classify(model, task, setup);
    if (result.ok) await releasePixels(result.width * result.height);
    return result;
  };
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
