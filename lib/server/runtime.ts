import path from 'node:path';
import { availableProcessors } from './inference/processors';
import { InferencePool, type PooledResult } from './inference/pool';
import { SingleFlight } from './inference/single-flight';
import { loadRegistry, type ModelRegistry } from './models/registry';
import { readSettings, type Settings } from './settings';

/** Everything that lives as long as the process. */
export interface Runtime {
  readonly settings: Settings;
  readonly registry: ModelRegistry;
  readonly pool: InferencePool;
  readonly flights: SingleFlight<PooledResult>;
  readonly startedAt: Date;
}

/** Where the build puts the bundled pool worker, seen from the folder the server runs in. */
const WORKER_FILE = path.join('.build', 'server', 'inference-worker.cjs');

export async function startRuntime(
  env: Record<string, string | undefined>,
  workerFile = path.resolve(WORKER_FILE),
): Promise<Runtime> {
  const settings = readSettings(env);
  const registry = await loadRegistry(settings.modelsDir, settings.defaultModel);
  const pool = new InferencePool({
    workerFile,
    workers: settings.inferenceWorkers || availableProcessors(),
    queueLimit: settings.queueLimit,
    setup: {
      models: registry.models.map(({ id, onnxFile, preprocessing, labels }) => ({
        id,
        onnxFile,
        preprocessing,
        classCount: labels.length,
      })),
      limits: {
        maxImagePixels: settings.maxImagePixels,
        timeoutSeconds: settings.decodeTimeoutSeconds,
      },
    },
  });
  return { settings, registry, pool, flights: new SingleFlight(), startedAt: new Date() };
}

// Next bundles routes and instrumentation apart, each with its own copy of this module: only
// globalThis is one per process.
const RUNTIME_KEY = Symbol.for('sightline.runtime');
type RuntimeHolder = { [RUNTIME_KEY]?: Promise<Runtime> };

/** The process's runtime, started by whoever asks first; a failed start is tried again. */
export function getRuntime(): Promise<Runtime> {
  const holder = globalThis as RuntimeHolder;
  return (holder[RUNTIME_KEY] ??= startRuntime(process.env).catch((error: unknown) => {
    delete holder[RUNTIME_KEY];
    throw error;
  }));
}

/** Starts the runtime and logs when it is warm; wrong settings or models end the process. */
export async function startServer(): Promise<void> {
  try {
    const runtime = await getRuntime();
    void runtime.pool.settled().then(() => logState(runtime));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

function logState({ pool, registry }: Runtime): void {
  const names = registry.models.map(({ id, version }) => `${id}@${version}`).join(', ');
  const warm = `${pool.workers} workers, warm after ${Math.round(pool.warmupMs)} ms`;
  if (pool.state === 'ready') console.info(`Ready: ${names || 'no model'}; ${warm}`);
  else console.error(`Not ready: ${pool.failure?.message ?? pool.state}`);
}
