import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Runtime } from '../runtime';
import { version } from '../../../package.json';

/** From a cached answer to a very slow upload. */
const REQUEST_BUCKETS_SECONDS = [
  0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10, 30,
];
const STAGE_BUCKETS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

export interface ObservedRequest {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
}

export type Stage = 'decode' | 'queue' | 'inference';

/** What Prometheus reads. Names and units as it recommends: base units, `_total` for counters. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Counter<'route' | 'method' | 'status'>;
  readonly #durations: Histogram<'route'>;
  readonly #stages: Histogram<'stage'>;
  readonly #predictions: Counter<'model' | 'source'>;
  readonly #workerFailures: Counter;

  constructor() {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#requests = new Counter({
      name: 'sightline_http_requests_total',
      help: 'Answered requests of the API by route, method and status.',
      labelNames: ['route', 'method', 'status'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'sightline_http_request_duration_seconds',
      help: 'From a request of the API to its answer, upload included.',
      labelNames: ['route'],
      buckets: REQUEST_BUCKETS_SECONDS,
      registers,
    });
    this.#stages = new Histogram({
      name: 'sightline_stage_duration_seconds',
      help: 'What a picture that was inferred spent decoding, waiting and inferring.',
      labelNames: ['stage'],
      buckets: STAGE_BUCKETS_SECONDS,
      registers,
    });
    this.#predictions = new Counter({
      name: 'sightline_predictions_total',
      help: 'Pictures that got a ranking, by model and by where: the server, or browsers that reported it.',
      labelNames: ['model', 'source'],
      registers,
    });
    this.#workerFailures = new Counter({
      name: 'sightline_pool_worker_failures_total',
      help: 'Pool workers that failed; each is replaced.',
      registers,
    });
    new Gauge({
      name: 'sightline_build_info',
      help: 'Always 1; the version is in the label.',
      labelNames: ['version'],
      registers,
    }).set({ version }, 1);
  }

  observeRequest({ route, method, status, durationMs }: ObservedRequest): void {
    this.#requests.inc({ route, method, status });
    this.#durations.observe({ route }, durationMs / 1000);
  }

  observeStages(milliseconds: Readonly<Record<Stage, number>>): void {
    for (const [stage, ms] of Object.entries(milliseconds) as [Stage, number][]) {
      this.#stages.observe({ stage }, ms / 1000);
    }
  }

  countPrediction(model: string, source: 'server' | 'browser'): void {
    this.#predictions.inc({ model, source });
  }

  countWorkerFailure(): void {
    this.#workerFailures.inc();
  }

  /** What is read off the runtime when Prometheus asks. */
  follow(runtime: Runtime): void {
    const { pool, guard, recorder, uploads, registry } = runtime;
    this.#gauge('sightline_ready', 'Whether predictions are answered: 1 or 0.', () =>
      pool.state === 'ready' ? 1 : 0,
    );
    this.#gauge('sightline_queue_waiting', 'Pictures that wait for a worker.', () => pool.waiting);
    this.#gauge('sightline_queue_limit', 'Pictures that may wait.', () => pool.limit);
    this.#gauge('sightline_pool_workers', 'Worker threads.', () => pool.workers);
    this.#gauge('sightline_pool_workers_busy', 'Worker threads at work.', () => pool.busy);
    this.#gauge('sightline_large_uploads', 'Large uploads being read.', () => uploads.underWay);
    this.#gauge('sightline_store_away', 'Whether the store does not answer: 1 or 0.', () =>
      guard.isAway ? 1 : 0,
    );
    this.#counter(
      'sightline_store_errors_total',
      'Store operations that failed.',
      () => guard.errors,
    );
    this.#counter(
      'sightline_statistics_dropped_total',
      'Counts that were lost because the store was away for too long.',
      () => recorder.dropped,
    );
    this.#followCache(runtime);
    const info = new Gauge({
      name: 'sightline_model_info',
      help: 'Always 1 for each model that is served.',
      labelNames: ['model', 'version', 'default'],
      registers: [this.registry],
    });
    for (const model of registry.models) {
      const labels = { model: model.id, version: model.version };
      info.set({ ...labels, default: String(registry.isDefault(model)) }, 1);
    }
  }

  #followCache({ cache }: Runtime): void {
    this.#gauge(
      'sightline_cache_memory_bytes',
      'About what kept answers take in memory.',
      () => cache.bytes,
    );
    new Counter({
      name: 'sightline_cache_requests_total',
      help: 'Look-ups of kept answers by where they were found; misses were inferred.',
      labelNames: ['result'],
      registers: [this.registry],
      collect() {
        this.reset();
        const { memory, shared, misses } = cache.counts;
        this.inc({ result: 'memory' }, memory);
        this.inc({ result: 'shared' }, shared);
        this.inc({ result: 'miss' }, misses);
      },
    });
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  #counter(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }
}

// Several bundles count, one registry is read: only globalThis is one per process.
const METRICS_KEY = Symbol.for('sightline.metrics');
type MetricsHolder = { [METRICS_KEY]?: Metrics };

export function getMetrics(): Metrics {
  return ((globalThis as MetricsHolder)[METRICS_KEY] ??= new Metrics());
}
