import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { build } from '../build-info';
import { POLICY_NAMES, type PolicyName } from '../settings';

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

/** Of an API key; statistics/usage.ts says what each is. */
export type KeyUse = 'predictions' | 'pictures' | 'refused' | 'cost';

const VERDICTS = ['right', 'wrong'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The metrics for Prometheus, named as it recommends: base units, `_total` for counters. */
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
  readonly #keyUse: Counter<'key' | 'use'>;

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
    this.#keyUse = new Counter({
      name: 'sightline_key_use_total',
      help: 'What each API key has used, by its id: predictions, pictures, refused requests and cost.',
      labelNames: ['key', 'use'],
      registers,
    });
    this.#startAtZero();
    new Gauge({
      name: 'sightline_build_info',
      help: 'Always 1; version and commit are in the labels.',
      labelNames: ['version', 'commit'],
      registers,
    }).set(build, 1);
  }

  /** Start at 0: Prometheus needs a first sample to compute an increase. */
  #startAtZero(): void {
    for (const stage of STAGES) this.#stages.zero({ stage });
    for (const policy of POLICY_NAMES) this.#limited.inc({ policy }, 0);
    for (const reason of SHED_REASONS) this.#shed.inc({ reason }, 0);
    for (const verdict of VERDICTS) this.#feedback.inc({ verdict }, 0);
  }

  /** Starts the counters of a newly served model at 0. */
  startAtZero(model: string): void {
    for (const source of SOURCES) {
      this.#predictions.inc({ model, source }, 0);
      this.#uncertain.inc({ model, source }, 0);
    }
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

  /** @param reason one of a few: the caller replaces unknown reasons */
  countReport(backend: string, reason: string): void {
    this.#reports.inc({ backend, reason });
  }

  countUsage(key: string, usage: Readonly<Record<KeyUse, number>>): void {
    for (const [use, count] of Object.entries(usage)) this.#keyUse.inc({ key, use }, count);
  }

  countFeedback(verdict: Verdict): void {
    this.#feedback.inc({ verdict });
  }
}

const ofProcess = new Metrics();

/** The metrics of this process. */
export function getMetrics(): Metrics {
  return ofProcess;
}
