import path from 'node:path';
import { PredictionCache } from '../prediction/cache/prediction-cache';
import { provideAfter, type After } from '../http/after';
import { Connections } from './connections';
import { answerDirectly, type DirectRoutes } from './direct';
import { guardRequests } from './gate';
import { staticFiles } from '../http/static-files';
import { InferencePool } from '../inference/pool';
import { availableProcessors, workersFor } from '../inference/processors';
import { isReady } from '../inference/readiness';
import { SingleFlight } from '../prediction/single-flight';
import type { Classified } from '../prediction/classify';
import { Uploads } from '../intake/uploads';
import { ApiKeys } from '../quota/keys/api-keys';
import { log, logFatal } from '../log';
import { getMetrics } from '../metrics/metrics';
import { loadRegistry, publicReason, type ModelRegistry } from '../models/registry';
import { ModelWatch, readFingerprints } from '../models/watch';
import { toWorkerModel } from '../models/worker-model';
import { appendSocketAddress } from '../quota/address';
import { Quotas } from '../quota/quotas';
import { describeSettings, misspelledSettings, readSettings, type Settings } from '../settings';
import { endOnSignals } from './shutdown';
import { History } from '../statistics/history';
import { Memo } from '../statistics/memo';
import { Recorder } from '../statistics/recorder';
import { DriftReference } from '../statistics/reference';
import { Served } from '../statistics/served';
import { startHeartbeat } from '../statistics/uptime';
import { StoreGuard } from '../store/guard';
import { openStore } from '../store/open';
import { CountSpill } from '../store/spill';

/** Everything that lives as long as the process. */
export interface Runtime {
  readonly settings: Settings;
  readonly registry: ModelRegistry;
  readonly pool: InferencePool;
  readonly flights: SingleFlight<Classified>;
  readonly guard: StoreGuard;
  readonly quotas: Quotas;
  readonly cache: PredictionCache;
  readonly recorder: Recorder;
  readonly history: History;
  readonly driftReference: DriftReference;
  readonly memo: Memo;
  readonly served: Served;
  readonly uploads: Uploads;
  readonly startedAt: Date;
  readonly stop: () => Promise<void>;
}

/** Where the build puts the bundled pool worker, seen from the folder the server runs in. */
const WORKER_FILE = path.join('.build', 'server', 'inference-worker.cjs');
/** How often what many ask for is computed where computing it crosses a network. */
const SHARED_MEMO_MS = 5_000;

async function startRuntime(env: Record<string, string | undefined>): Promise<Runtime> {
  const settings = readSettings(env);
  const fingerprints = await readFingerprints(settings.modelsDir);
  const registry = await loadRegistry(settings.modelsDir, settings.defaultModel);
  const pool = startPool(settings, registry);
  const watch = new ModelWatch(settings.modelsDir, registry, pool, fingerprints);
  void pool.settled().then(() => {
    for (const [id, reason] of pool.failures) {
      registry.refuse(id, publicReason(reason, settings.modelsDir, id));
    }
    watch.start();
  });
  const guard = new StoreGuard(await openStore(settings));
  const recorder = new Recorder(guard, Date.now, new CountSpill(settings.dataDir));
  await recorder.takeIn();
  const history = new History(guard, recorder);
  const stopHeartbeat = startHeartbeat(recorder, pool.settled(), () => isReady(pool, registry));
  const runtime: Runtime = {
    settings,
    registry,
    pool,
    guard,
    recorder,
    flights: new SingleFlight(),
    quotas: new Quotas(settings, guard, new ApiKeys(guard)),
    cache: new PredictionCache(guard, settings.cacheEntries, settings.cacheTtlSeconds),
    history,
    driftReference: new DriftReference(settings.driftBaseline, guard, history),
    memo: new Memo(guard.store.kind === 'embedded' ? 0 : SHARED_MEMO_MS),
    served: new Served(),
    uploads: new Uploads(settings.largeUploads),
    startedAt: new Date(),
    stop: async () => {
      stopHeartbeat();
      watch.stop();
      await recorder.stop();
      guard.stop();
      await Promise.allSettled([guard.store.close(), pool.stop()]);
    },
  };
  getMetrics().follow(runtime);
  return runtime;
}

function startPool(settings: Settings, { models }: ModelRegistry): InferencePool {
  return new InferencePool({
    workerFile: path.resolve(WORKER_FILE),
    workers: settings.inferenceWorkers || workersFor(availableProcessors()),
    isolation: settings.inferenceIsolation,
    memoryBytes: settings.pictureMemoryBytes,
    queueLimit: settings.queueLimit,
    setup: {
      models: models.map(toWorkerModel),
      limits: {
        maxImagePixels: settings.maxImagePixels,
        maxDecodeBytes: settings.maxDecodeBytes,
        timeoutSeconds: settings.decodeTimeoutSeconds,
      },
    },
  });
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

export interface StartOptions {
  readonly after: After;
  /** Answered without Next. */
  readonly directRoutes: DirectRoutes;
}

/** Starts the runtime and logs when it is warm; wrong settings or models end the process. */
export async function startServer({ after, directRoutes }: StartOptions): Promise<void> {
  const isBuilt = process.env.NODE_ENV === 'production';
  const connections = new Connections();
  provideAfter(after);
  // The last one called is the first to see a request.
  if (isBuilt) guardRequests(staticFiles(process.cwd()), answerDirectly(directRoutes));
  else guardRequests();
  appendSocketAddress();
  connections.watch();
  try {
    log.info({ settings: describeSettings(process.env) }, 'starting');
    for (const { name, meant } of misspelledSettings(process.env)) {
      log.warn(`${name} is no setting; did you mean ${meant}?`);
    }
    const runtime = await getRuntime();
    // Next's development server has children of its own to end.
    if (isBuilt) endOnSignals(runtime, connections);
    void runtime.pool.settled().then(async () => {
      logState(runtime);
      await runtime.history.prepare();
      await runtime.driftReference.read();
    });
  } catch (error) {
    logFatal(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}

function logState({ pool, registry }: Runtime): void {
  const names = registry.models.map(({ id, version }) => `${id}@${version}`).join(', ');
  const warm = `${pool.workers} workers, warm after ${Math.round(pool.warmupMs)} ms`;
  if (pool.state === 'ready') log.info(`ready: ${names || 'no model'}; ${warm}`);
  else log.error(`not ready: ${pool.failure?.message ?? pool.state}`);
}
