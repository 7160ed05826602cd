import type { Uploads } from '../intake/uploads';
import type { Metrics } from '../metrics/metrics';
import type { PredictionRuntime } from '../prediction/classify';
import type { Quotas } from '../quota/quotas';
import type { AnswerSigner } from '../statistics/answer-signature';
import type { History } from '../statistics/history';
import type { Recorder } from '../statistics/recorder';
import type { DriftReference } from '../statistics/reference';
import type { TtlCache } from '../statistics/ttl-cache';
import type { StoreGuard } from '../store/guard';

/** What lives as long as the process, and every route may use. process/ makes one of it. */
export interface Runtime extends PredictionRuntime {
  readonly guard: StoreGuard;
  readonly quotas: Quotas;
  readonly recorder: Recorder;
  readonly signer: AnswerSigner;
  readonly history: History;
  readonly driftReference: DriftReference;
  /** Of what is computed from the store. */
  readonly ttlCache: TtlCache;
  readonly uploads: Uploads;
  readonly metrics: Metrics;
  readonly startedAt: Date;
}
