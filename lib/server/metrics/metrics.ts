import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { isReady } from '../inference/readiness';
import { POLICIES } from '../quota/policies';
import { driftOf } from '../statistics/drift';
import type { Runtime } from '../process/runtime';
import type { PolicyName } from '../settings';
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

const STAGES = ['decode', 'queue', 'inference'] as const;
export type Stage = (typeof STAGES)[number];

const SOURCES = ['server', 'browser'] as const;
type Source = (typeof SOURCES)[number];

/** Why a request is refused with 503: the queue, the places for large uploads, no worker yet. */
const SHED_REASONS = ['queue', 'uploads', 'not-ready'] as const;
export type ShedReason = (typeof SHED_REASONS)[number];

const VERDICTS = ['right', 'wrong'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What Prometheus reads. Names and units as it recommends: base units, `_total` for counters. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Counter<'route' | 'method' | 'status'>;
  readonly #durations: Histogram<'route'>;
  readonly #stages: Histogram<'stage'>;
  readonly #predictions: Counter<'model' | 'source'>;
  readonly #uncertain: Counter<'model' | 'source'>;
  readonly #workerFailures: Counter;
  readonly #limited: Counter<'policy'>;
  readonly #shed: Counter<'reason'>;
  readonly #reports: Counter<'backend' | 'reason'>;
  readonly #feedback: Counter<'verdict'>;

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
    this.#uncertain = new Counter({
      name: 'sightline_uncertain_predictions_total',
      help: 'Pictures whose answer was uncertain, by model and by where.',
      labelNames: ['model', 'source'],
      registers,
    });
    this.#workerFailures = new Counter({
      name: 'sightline_pool_worker_failures_total',
      help: 'Pool workers that failed; each is replaced.',
      registers,
    });
    this.#limited = new Counter({
      name: 'sightline_limited_total',
      help: 'Requests refused because a quota was used up, by policy.',
      labelNames: ['policy'],
      registers,
    });
    this.#shed = new Counter({
      name: 'sightline_shed_total',
      help: 'Pictures and uploads refused because there was no room for them, by what was full.',
      labelNames: ['reason'],
      registers,
    });
    this.#reports = new Counter({
      name: 'sightline_browser_predictions_total',
      help: 'Predictions that browsers reported, by what computed them and why not the server.',
      labelNames: ['backend', 'reason'],
      registers,
    });
    this.#feedback = new Counter({
      name: 'sightline_feedback_total',
      help: 'Rankings that people called right or wrong.',
      labelNames: ['verdict'],
      registers,
    });
    this.#startAtZero();
    new Gauge({
      name: 'sightline_build_info',
      help: 'Always 1; the version is in the label.',
      labelNames: ['version'],
      registers,
    }).set({ version }, 1);
  }

  /** What appears with its first count has no increase that anybody could see. */
  #startAtZero(): void {
    for (const stage of STAGES) this.#stages.zero({ stage });
    for (const policy of Object.keys(POLICIES)) this.#limited.inc({ policy }, 0);
    for (const reason of SHED_REASONS) this.#shed.inc({ reason }, 0);
    for (const verdict of VERDICTS) this.#feedback.inc({ verdict }, 0);
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

  countPrediction(model: string, source: Source, uncertain = false): void {
    this.#predictions.inc({ model, source });
    if (uncertain) this.#uncertain.inc({ model, source });
  }

  countWorkerFailure(): void {
    this.#workerFailures.inc();
  }

  countLimited(policy: PolicyName | 'unknown-key'): void {
    this.#limited.inc({ policy });
  }

  countShed(reason: ShedReason): void {
    this.#shed.inc({ reason });
  }

  /** @param reason one of few: whoever calls has replaced what it does not know */
  countReport(backend: string, reason: string): void {
    this.#reports.inc({ backend, reason });
  }

  countFeedback(verdict: Verdict): void {
    this.#feedback.inc({ verdict });
  }

  /** What is read off the runtime when Prometheus asks. */
  follow(runtime: Runtime): void {
    const { pool, guard, recorder, uploads, registry, settings } = runtime;
    this.#gauge('sightline_ready', 'Whether predictions are answered: 1 or 0.', () =>
      isReady(pool, registry) ? 1 : 0,
    );
    this.#gauge('sightline_queue_waiting', 'Pictures that wait for a worker.', () => pool.waiting);
    this.#gauge('sightline_queue_limit', 'Pictures that may wait.', () => pool.limit);
    this.#gauge('sightline_pool_workers', 'Workers that take pictures.', () => pool.workers);
    this.#gauge('sightline_pool_workers_busy', 'Workers at work.', () => pool.busy);
    this.#gauge('sightline_large_uploads', 'Large uploads being read.', () => uploads.underWay);
    this.#gauge(
      'sightline_large_uploads_limit',
      'Large uploads that may be read at once.',
      () => settings.largeUploads,
    );
    this.#gauge('sightline_store_away', 'Whether the store takes no writes: 1 or 0.', () =>
      guard.isAway ? 1 : 0,
    );
    this.#counter(
      'sightline_store_errors_total',
      'Store operations that failed.',
      () => guard.errors,
    );
    this.#gauge(
      'sightline_statistics_waiting',
      'Counts that the store has not taken yet.',
      () => recorder.waiting,
    );
    this.#counter(
      'sightline_statistics_dropped_total',
      'Counts that were lost because the store was away for too long.',
      () => recorder.dropped,
    );
    this.#followCache(runtime);
    this.#followDrift(runtime);
    this.#followBroken(registry);
    new Gauge({
      name: 'sightline_model_info',
      help: 'Always 1 for each model that is served.',
      labelNames: ['model', 'version', 'default'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const model of registry.models) {
          const labels = { model: model.id, version: model.version };
          this.set({ ...labels, default: String(registry.isDefault(model)) }, 1);
        }
      },
    });
    for (const model of registry.models) {
      for (const source of SOURCES) {
        this.#predictions.inc({ model: model.id, source }, 0);
        this.#uncertain.inc({ model: model.id, source }, 0);
      }
    }
  }

  /** Over a day, whatever Prometheus's interval: fewer answers tell nothing. */
  #followDrift({ history, driftReference, memo, registry, settings }: Runtime): void {
    new Gauge({
      name: 'sightline_drift_psi',
      help: 'Population stability index of the last 24 hours against the baseline; NaN where there are too few answers to tell.',
      labelNames: ['model', 'of', 'baseline'],
      registers: [this.registry],
      async collect() {
        const day = memo.get('drift', async () => ({
          sums: (await history.window('24h')).sums,
          reference: await driftReference.read(),
        }));
        const read = await day.catch(() => undefined);
        this.reset();
        for (const model of registry.models) {
          const drift = read && driftOf(model, read.sums, read.reference, settings.driftSource);
          if (!drift) continue;
          const labels = { model: model.id, baseline: drift.against };
          this.set({ ...labels, of: 'label' }, drift.psi?.label ?? NaN);
          this.set({ ...labels, of: 'confidence' }, drift.psi?.confidence ?? NaN);
        }
      },
    });
  }

  #followBroken(registry: Runtime['registry']): void {
    new Gauge({
      name: 'sightline_model_broken',
      help: 'Always 1 for each model folder that cannot be read as it is now.',
      labelNames: ['model'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { id } of registry.broken) this.set({ model: id }, 1);
      },
    });
  }

  #followCache({ cache }: Runtime): void {
    this.#gauge('sightline_cache_memory_entries', 'Kept answers in memory.', () => cache.entries);
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
