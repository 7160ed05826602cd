/** Fields of counts: each dimension is counted separately, as `dimension:value`. */
import { latencyBucket } from './histogram';

export const CONFIDENCE_BUCKETS = 10;

/** One answered request on a limited route. */
export interface Answered {
  readonly route: string;
  readonly status: number;
  readonly latencyMs: number;
  /** Fields of the prediction, for routes that predict. */
  readonly details: readonly string[];
  /** A request for statistics or charts, which pages send every few seconds. */
  readonly isRead?: boolean;
}

/**
 * Fields of one answered request, whatever its status; none for requests for statistics and charts.
 */
export function answeredFields({
  route,
  status,
  latencyMs,
  details,
  isRead = false,
}: Answered): string[] {
  if (isRead) return ['n:reads'];
  const fields = ['n:requests', `route:${route}`, `status:${status}`, ...details];
  if (status === 429) fields.push('n:limited');
  else if (status === 503) fields.push('n:shed');
  else if (status >= 500) fields.push('n:failed');
  else if (status >= 400) fields.push('n:refused');
  const isPrediction = details.includes('n:predictions') || details.includes('n:batches');
  if (isPrediction) fields.push(`latency:${latencyBucket(latencyMs)}`);
  return fields;
}

export interface Ranked {
  readonly modelId: string;
  /** Of the first label, as `score` is. */
  readonly index: number;
  readonly score: number;
  /** Counted instead of the first label: every selected label of a multi-label head. */
  readonly labels?: readonly number[];
  /** Undefined if the report does not say. */
  readonly uncertain?: boolean | undefined;
  readonly source: 'server' | 'browser';
}

/**
 * Prefix of the dimensions that browsers reported. The server cannot check what a device saw, so
 * these counts are never added to those of the server's own answers.
 */
export const REPORTED = 'reported-';

/** Fields of one picture that got a ranking, wherever it was computed. */
export function rankedFields({
  modelId,
  index: first,
  score,
  labels = [first],
  uncertain,
  source,
}: Ranked): string[] {
  const confidence = Math.min(CONFIDENCE_BUCKETS - 1, Math.floor(score * CONFIDENCE_BUCKETS));
  const prefix = source === 'browser' ? REPORTED : '';
  const fields = [
    `model:${modelId}`,
    ...labels.map((index) => `label:${modelId}/${index}`),
    `confidence:${confidence}`,
    `confidence-of:${modelId}/${confidence}`,
    ...(uncertain === undefined ? [] : [`certainty:${uncertain ? 'uncertain' : 'certain'}`]),
  ];
  return ['n:images', `source:${source}`, ...fields.map((field) => `${prefix}${field}`)];
}

/** The field's value if it belongs to the dimension, else undefined. */
export function valueOf(field: string, dimension: string): string | undefined {
  return field.startsWith(`${dimension}:`) ? field.slice(dimension.length + 1) : undefined;
}
