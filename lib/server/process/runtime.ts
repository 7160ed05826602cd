import path from 'node:path';
import { PredictionCache } from '../prediction/cache/prediction-cache';
import { InferencePool } from '../inference/pool';
import { availableProcessors, workersFor } from '../inference/processors';
import { SingleFlight } from '../prediction/single-flight';
import { Uploads } from '../intake/uploads';
import { ApiKeys } from '../quota/keys/api-keys';
import { getMetrics } from '../metrics/metrics';
import { loadRegistry, publicReason, type ModelRegistry } from '../models/registry';
import { ModelWatch, readFingerprints, type ModelPool } from '../models/watch';
import { toWorkerModel } from '../inference/worker-model';
import { Identities } from '../quota/identities';
import { Quotas } from '../quota/quotas';
import type { Runtime } from '../api/runtime';
import { isReady } from '../inference/readiness';
import type { Settings } from '../settings';
import { followRuntime } from './gauges';
import { AnswerSigner } from '../statistics/answer-signature';
import { History } from '../statistics/history';
import { Recorder } from '../statistics/recorder';
import { DriftReference } from '../statistics/reference';
import { PredictionCounter } from '../statistics/prediction-counter';
import { TtlCache } from '../statistics/ttl-cache';
import { startHeartbeat } from '../statistics/uptime';
import { StoreGuard } from '../store/guard';
import { openStore } from '../store/open';
import { CountSpill } from '../store/spill';

/** Everything that exists once in a process, and how it is stopped. */
export interface ProcessRuntime extends Runtime {
  readonly stop: () => Promise<void>;
}

/** Where the build puts the bundled pool worker, seen from the folder the server runs in. */
const WORKER_FILE = path.join('.build', 'server', 'inference-worker.cjs');
/** How long results computed from a shared store are kept: reading it crosses a network. */
const SHARED_STORE_TTL_MS = 5_000;

/**
 * Returns before models are loaded and workers are warm, so that health can be answered meanwhile.
 */
export async function createRuntime(settings: Settings): Promise<ProcessRuntime> {
  const fingerprints = await readFingerprints(settings.modelsDir);
  const registry = await loadRegistry(settings.modelsDir, settings.defaultModel);
  const pool = startPool(settings, registry);
  const watch = new ModelWatch(settings.modelsDir, registry, asModelPool(pool), fingerprints);
  void pool.started().then(() => {
    for (const [id, reason] of pool.failures) {
      registry.refuse(id, publicReason(reason, settings.modelsDir, id));
    }
    watch.start();
  });
  const guard = new StoreGuard(await openStore(settings));
  const recorder = new Recorder(guard, Date.now, new CountSpill(settings.dataDir));
  await recorder.takeIn();
  const history = new History(guard, recorder);
  const stopHeartbeat = startHeartbeat(recorder, pool.started(), () => isReady(pool, registry));
  const identities = new Identities(settings, new ApiKeys(guard));
  const runtime: ProcessRuntime = {
    settings,
    registry,
    pool,
    guard,
    recorder,
    signer: new AnswerSigner(guard),
    flights: new SingleFlight(),
    identities,
    quotas: new Quotas(settings, guard, identities),
    cache: new PredictionCache(guard, settings.cacheEntries, settings.cacheTtlSeconds),
    history,
    driftReference: new DriftReference(settings.driftBaseline, guard, history),
    ttlCache: new TtlCache(guard.store.kind === 'embedded' ? 0 : SHARED_STORE_TTL_MS),
    predictionCounter: new PredictionCounter(),
    uploads: new Uploads(settings.largeUploads),
    metrics: getMetrics(),
    startedAt: new Date(),
    stop: async () => {
      stopHeartbeat();
      watch.stop();
      await recorder.stop();
      guard.stop();
      await Promise.allSettled([guard.store.close(), pool.stop()]);
    },
  };
  followRuntime(runtime);
  return runtime;
}

function asModelPool(pool: InferencePool): ModelPool {
  return {
    add: (model) => pool.add(toWorkerModel(model)),
    remove: (id) => pool.remove(id),
    failures: pool.failures,
  };
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
      executionProviders: settings.executionProviders,
      limits: {
        maxImagePixels: settings.maxImagePixels,
        maxDecodeBytes: settings.maxDecodeBytes,
        timeoutSeconds: settings.decodeTimeoutSeconds,
      },
    },
  });
}
