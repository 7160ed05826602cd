import type { Uploads } from '../intake/uploads';
import type { Metrics } from '../metrics/metrics';
import type { PredictionRuntime } from '../prediction/classify';
import type { Identities } from '../quota/identities';
import type { Quotas } from '../quota/quotas';
import type { AnswerSigner } from '../statistics/answer-signature';
import type { History } from '../statistics/history';
import type { Recorder } from '../statistics/recorder';
import type { DriftReference } from '../statistics/reference';
import type { TtlCache } from '../statistics/ttl-cache';
import type { StoreGuard } from '../store/guard';

/** Everything that exists once in a process and that routes may use. Made in process/. */
export interface Runtime extends PredictionRuntime {
  readonly guard: StoreGuard;
  readonly identities: Identities;
  readonly quotas: Quotas;
  readonly recorder: Recorder;
  readonly signer: AnswerSigner;
  readonly history: History;
  readonly driftReference: DriftReference;
  /** Results computed from the store. */
  readonly ttlCache: TtlCache;
  readonly uploads: Uploads;
  readonly metrics: Metrics;
  readonly startedAt: Date;
}
