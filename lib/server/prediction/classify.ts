import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type ImageFormat, type PredictResponse } from '@/lib/shared/contract/predict';
import { roundToHundredths } from '@/lib/shared/numbers/round';
import { rank, type Ranked } from '@/lib/shared/vision/answer';
import { givenLabels } from '@/lib/shared/vision/ranking';
import type { CacheLayer, CachedPrediction, PredictionCache } from './cache/prediction-cache';
import { ApiError } from '../http/api-error';
import type { ApiRequest } from '../http/api-request';
import { sniffFormat } from '../intake/sniff';
import { getMetrics } from '../metrics/metrics';
import type { NamedTensor } from '../inference/task';
import type { InferencePool } from '../inference/pool';
import type { ModelFolder } from '../models/folder';
import { assertPng, parsePrepared } from './prepared';
import type { ModelRegistry } from '../models/registry';
import type { Settings } from '../settings';
import type { PredictionCounter } from '../statistics/prediction-counter';
import type { SingleFlight } from './single-flight';
import { rankedFields } from '../statistics/fields';

/** Increase it when the content of cached predictions changes. */
const CACHE_FORMAT = 4;

/** The parts of the runtime that predictions need. */
export interface PredictionRuntime {
  readonly settings: Settings;
  readonly registry: ModelRegistry;
  readonly pool: InferencePool;
  readonly flights: SingleFlight<PredictionResult>;
  readonly cache: PredictionCache;
  readonly predictionCounter: PredictionCounter;
}

/** The prediction for a picture, where it came from, and its times: 0 for one from the cache. */
export interface PredictionResult {
  readonly prediction: CachedPrediction;
  readonly layer: CacheLayer | 'miss';
  readonly decodeMs: number;
  readonly queueMs: number;
  readonly inferenceMs: number;
  /** Outputs beside the logits, where some were asked for. */
  readonly extra: readonly NamedTensor[];
}

/** A client's options for a picture, from the query. */
export interface Question {
  readonly model: ModelFolder;
  /** The default of `rank` if undefined. */
  readonly topK?: number;
  /** The sender has resized and cropped the picture. */
  readonly isPrepared: boolean;
}

/** Options for classifying a picture. */
export interface RunOptions {
  readonly isPrepared?: boolean;
  /** Outputs of the graph that are wanted beside the logits. */
  readonly extraOutputs?: readonly string[];
}

/** The answer for one picture, alone or in a batch. */
export type PictureAnswer = Pick<
  PredictResponse,
  'head' | 'predictions' | 'uncertain' | 'image' | 'cached' | 'timings' | 'explanation'
>;

export interface AnsweredPicture {
  readonly answer: PictureAnswer;
  /** The fields that statistics count. */
  readonly counted: readonly string[];
}

/** The prediction for a picture, before ranking. */
export interface ClassifiedPicture extends PredictionResult {
  readonly format: ImageFormat;
  readonly sha256: string;
  readonly isPrepared: boolean;
}

/**
 * Bytes to logits: sniff, hash, look up or classify.
 *
 * @throws ApiError if the bytes are not a picture or cannot be decoded, or if the server is busy
 */
export async function classifyPicture(
  runtime: PredictionRuntime,
  model: ModelFolder,
  bytes: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
  options: RunOptions = {},
): Promise<ClassifiedPicture> {
  const { isPrepared = false } = options;
  const format = await sniffFormat(bytes);
  if (isPrepared) assertPng(format);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const startedAtMs = performance.now();
  const elapsedMs = () => performance.now() - startedAtMs;
  try {
    const classified = await classify(runtime, model, bytes, sha256, signal, options);
    const isCached = classified.layer !== 'miss';
    runtime.predictionCounter.count(
      { modelId: model.id, elapsedMs: elapsedMs(), isCached },
      new Date(),
    );
    return { ...classified, format, sha256, isPrepared };
  } catch (error) {
    runtime.predictionCounter.countFailure(model.id, elapsedMs());
    throw error;
  }
}

/** The fields that statistics count for a picture: source of the answer, labels and confidence. */
export function countedOf(
  { layer }: Pick<PredictionResult, 'layer'>,
  model: ModelFolder,
  ranked: Ranked,
): string[] {
  return [`cache:${layer}`, ...countRanked(model, ranked)];
}

/** Ranks all labels that are counted: all selected ones, even if the client asked for fewer. */
export function rankedToCount(
  { prediction }: Pick<PredictionResult, 'prediction'>,
  model: ModelFolder,
  answer: Ranked,
): Ranked {
  return model.head.kind === 'multi-label' ? rank(prediction, model, countedLabels(model)) : answer;
}

/** How many labels have to be ranked for an answer to be counted. */
export function countedLabels({ head, labels }: ModelFolder): number {
  return head.kind === 'multi-label' ? labels.length : 1;
}

/** Counts an answer of this server in the metrics, and returns the fields for the statistics. */
export function countRanked({ id }: ModelFolder, { predictions, uncertain }: Ranked): string[] {
  const { index, score } = predictions[0]!;
  const labels = givenLabels(predictions).map((given) => given.index);
  getMetrics().countPrediction(id, 'server', uncertain);
  return rankedFields({ modelId: id, index, labels, score, uncertain, source: 'server' });
}

/**
 * Bytes to the answer of `/api/predict`, alone or in a batch.
 *
 * @param startedAtMs `performance.now()` from which `totalMs` counts
 * @throws ApiError as `classifyPicture`
 */
export async function answerPicture(
  runtime: PredictionRuntime,
  question: Question,
  bytes: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
  startedAtMs: number,
): Promise<AnsweredPicture> {
  const { model, isPrepared } = question;
  const classified = await classifyPicture(runtime, model, bytes, signal, { isPrepared });
  const answer = describePicture(classified, question, startedAtMs);
  return {
    answer,
    counted: countedOf(classified, model, rankedToCount(classified, model, answer)),
  };
}

/** @param startedAtMs `performance.now()` from which `totalMs` counts */
export function describePicture(
  classified: ClassifiedPicture,
  { model, topK: count }: Question,
  startedAtMs: number,
): PictureAnswer {
  const { prediction, layer, format, sha256, decodeMs, queueMs, inferenceMs } = classified;
  const { width, height } = prediction;
  return {
    ...rank(prediction, model, count),
    image: { width, height, format, sha256, ...(classified.isPrepared ? { prepared: true } : {}) },
    cached: layer !== 'miss',
    timings: {
      decodeMs: roundToHundredths(decodeMs),
      queueMs: roundToHundredths(queueMs),
      inferenceMs: roundToHundredths(inferenceMs),
      totalMs: roundToHundredths(performance.now() - startedAtMs),
    },
  };
}

/**
 * Takes the prediction from this process's cache, from the shared one, or from the pool; equal
 * pictures in flight are inferred once.
 */
async function classify(
  { cache, flights, pool, predictionCounter }: PredictionRuntime,
  model: ModelFolder,
  bytes: Uint8Array<ArrayBuffer>,
  sha256: string,
  signal: AbortSignal,
  { isPrepared = false, extraOutputs = [] }: RunOptions,
): Promise<PredictionResult> {
  // The same bytes give another prediction if they are a prepared picture.
  const way = isPrepared ? ':prepared' : '';
  const { kind, scores, output, positive } = model.head;
  const head = [kind, scores, output, positive].join();
  const settings = [model.version, model.preprocessingVersion, head, CACHE_FORMAT].join(':');
  const key = `${sha256}:${settings}${way}`;
  // The cache has only logits.
  const isKept = extraOutputs.length === 0;
  const hit = isKept ? cache.peek(key) : undefined;
  if (hit) return fromCache(hit.prediction, hit.layer);
  const work = async (shared: AbortSignal): Promise<PredictionResult> => {
    const found = isKept ? await cache.fetch(key) : undefined;
    if (found) return fromCache(found.prediction, found.layer);
    const task = { modelId: model.id, bytes, sha256, isPrepared, extraOutputs };
    const result = await pool.classify(task, shared);
    if (!result.ok) {
      const { type, detail, expected, received } = result.problem;
      throw new ApiError(type, detail, { expected, received });
    }
    const { width, height, logits, activationEnergySpread, extra, decodeMs, queueMs, inferenceMs } =
      result;
    getMetrics().observeStages({ decode: decodeMs, queue: queueMs, inference: inferenceMs });
    predictionCounter.countExecution(model.id, { decodeMs, queueMs, inferenceMs });
    const prediction = { width, height, logits, activationEnergySpread };
    cache.keep(key, prediction);
    return { prediction, layer: 'miss', decodeMs, queueMs, inferenceMs, extra };
  };
  // The key includes the model's id: other models may classify the same bytes at the same time.
  return flights.run(`${model.id}:${key}:${extraOutputs.join()}`, work, signal);
}

function fromCache(prediction: CachedPrediction, layer: CacheLayer): PredictionResult {
  return { prediction, layer, decodeMs: 0, queueMs: 0, inferenceMs: 0, extra: [] };
}

/**
 * @throws ApiError `not-found` for an unknown model, `invalid-request` for a wrong `topK`,
 *   `stale-preparation` for a picture that was prepared in another way
 */
export function parseQuestion(
  request: Pick<ApiRequest, 'url'>,
  { registry }: Pick<PredictionRuntime, 'registry'>,
): Question {
  const search = new URL(request.url).searchParams;
  const model = registry.get(search.get('model') ?? undefined);
  const isPrepared = parsePrepared(search.get('prepared'), model);
  const classes = model.labels.length;
  const topKText = search.get('topK');
  if (topKText === null) return { model, isPrepared };
  const parsed = z.coerce.number().int().min(1).max(classes).safeParse(topKText);
  if (!parsed.success) {
    throw new ApiError('invalid-request', `topK is not a number of labels: ${topKText}.`, {
      expected: `a whole number from 1 to ${classes}`,
      received: topKText,
    });
  }
  return { model, topK: parsed.data, isPrepared };
}

export function serverTiming(timings: Partial<PredictResponse['timings']>): string {
  return Object.entries(timings)
    .map(([name, milliseconds]) => `${name.replace(/Ms$/, '')};dur=${milliseconds}`)
    .join(', ');
}
