/** The work of a pool worker, thread or process: it decodes and infers, one task at a time. */
import { LRUCache } from 'lru-cache';
import sharp from 'sharp';
import { configureDecoder } from '../intake/decode';
import { classifyBytes } from './classify-bytes';
import { lowerPriority } from './lower-priority';
import { releaseBytes } from './release-memory';
import { chooseProvider } from './execution-providers';
import { loadModel, runModel, type LoadedModel } from './session';
import type {
  LoadResult,
  ModelSignature,
  TensorResult,
  TensorTask,
  WorkerModel,
  WorkerReady,
  WorkerResult,
  WorkerSetup,
  WorkerTask,
} from './task';

const WARMUP_RUNS = 3;
/** How many sessions a worker keeps; the least recently used one is removed first. */
const WARM_MODELS = 8;

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

/** How long the last run of a warm-up took, of the slowest model. */
let slowestWarmupMs = 0;

async function warmUp(model: LoadedModel, setup: WorkerSetup): Promise<void> {
  const picture = await warmupPicture();
  let lastRunMs = 0;
  for (let run = 0; run < WARMUP_RUNS; run++) {
    const result = await classifyBytes(model, { bytes: picture }, setup.limits);
    if (!result.ok) throw new Error(`warm-up of ${model.id} failed: ${result.problem.received}`);
    lastRunMs = result.decodeMs + result.inferenceMs;
  }
  slowestWarmupMs = Math.max(slowestWarmupMs, lastRunMs);
}

/** The most recently used models of this worker; the number is bounded to bound memory. */
const models = new LRUCache<string, LoadedModel>({
  max: WARM_MODELS,
  dispose: (model) => void model.release(),
});

/** Called when a model is loaded while a task waits for it. */
export interface LoadListener {
  readonly onLoading: () => void;
  readonly onLoaded: (typicalTaskMs: number) => void;
}

let listener: LoadListener | undefined;

/** The warm model; loads it if this worker has it not, or has another version. */
async function warmModel(described: WorkerModel, setup: WorkerSetup): Promise<LoadedModel> {
  const known = models.get(described.id);
  if (known && known.version === described.version) return known;
  listener?.onLoading();
  const model = await loadModel(described);
  await warmUp(model, setup);
  listener?.onLoaded(slowestWarmupMs);
  models.set(described.id, model);
  return model;
}

async function load(described: WorkerModel, setup: WorkerSetup): Promise<LoadResult> {
  try {
    return { ok: true, signature: (await warmModel(described, setup)).signature };
  } catch (error) {
    return { ok: false, reason: (error as Error).message };
  }
}

/**
 * Loads every model, the first ones last, so that those stay in the cache.
 *
 * @throws Error with the first reason if there are models and none of them can be loaded
 */
async function prepare(setup: WorkerSetup): Promise<WorkerReady> {
  const startedAtMs = performance.now();
  const providers = await chooseProvider(setup.executionProviders ?? ['cpu']);
  const signatures: ModelSignature[] = [];
  const failures: WorkerReady['failures'][number][] = [];
  for (const described of setup.models.toReversed()) {
    const result = await load(described, setup);
    if (result.ok) signatures.push(result.signature);
    else failures.push({ modelId: described.id, reason: result.reason });
  }
  const failure = failures.at(-1);
  if (failure && signatures.length === 0) throw new Error(failure.reason);
  return {
    kind: 'ready',
    warmupMs: performance.now() - startedAtMs,
    typicalTaskMs: slowestWarmupMs,
    signatures,
    providers,
    failures,
  };
}

/** Loads the models. @returns the function that runs a task */
export async function startWork(
  setup: WorkerSetup,
  onReady: (ready: WorkerReady) => void,
  onLoading?: LoadListener,
): Promise<(task: WorkerTask) => Promise<WorkerResult>> {
  lowerPriority();
  configureDecoder();
  onReady(await prepare(setup));
  listener = onLoading;
  return async (task) => {
    if (task.kind === 'load') return load(task.model, setup);
    const model = await warmModel(task.model, setup);
    if (task.kind === 'tensor') return infer(model, task);
    const result = await classifyBytes(model, task, setup.limits);
    if (result.ok) await releaseBytes(result.width * result.height * 3);
    return result;
  };
}
