import { createHash } from 'node:crypto';
import { z } from 'zod';
import { DEFAULT_TOP_K, type PredictResponse } from '../shared/contract/predict';
import { topK } from '../shared/vision/ranking';
import type { CacheLayer, CachedPrediction } from './cache/prediction-cache';
import { ApiError } from './http/api-error';
import type { CountedResponse } from './http/limited-route';
import type { RouteContext } from './http/route';
import { readSingleImage } from './intake/single-image';
import { sniffFormat } from './intake/sniff';
import type { ModelFolder } from './models/folder';
import type { Runtime } from './runtime';
import { rankedFields } from './statistics/fields';

/** A classified picture, and how it came about; no times but the total for one out of the cache. */
export interface Classified {
  readonly prediction: CachedPrediction;
  readonly layer: CacheLayer | 'miss';
  readonly decodeMs: number;
  readonly queueMs: number;
  readonly inferenceMs: number;
}

/** POST /api/predict: read, sniff, hash, look up or classify, rank. */
export async function predict(
  { request, requestId, startedAtMs }: RouteContext<unknown>,
  runtime: Runtime,
): Promise<CountedResponse> {
  const { model, topK: count } = parseQuery(new URL(request.url).searchParams, runtime);
  const bytes = await readSingleImage(request, runtime.settings);
  const format = await sniffFormat(bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const classified = await classify(runtime, model, bytes, sha256, request.signal);
  const predictions = topK(classified.prediction.probabilities, model.labels, count);
  const timings = {
    decodeMs: roundMs(classified.decodeMs),
    queueMs: roundMs(classified.queueMs),
    inferenceMs: roundMs(classified.inferenceMs),
    totalMs: roundMs(performance.now() - startedAtMs),
  };
  const answer: PredictResponse = {
    id: requestId,
    model: { id: model.id, version: model.version },
    predictions,
    image: {
      width: classified.prediction.width,
      height: classified.prediction.height,
      format,
      sha256,
    },
    cached: classified.layer !== 'miss',
    source: 'server',
    timings,
  };
  runtime.served.count(new Date());
  const { index, score } = predictions[0]!;
  return {
    response: Response.json(answer, {
      headers: {
        'Cache-Control': 'no-store',
        'Server-Timing': serverTiming(timings),
        'X-Cache': answer.cached ? 'HIT' : 'MISS',
      },
    }),
    counted: [
      'n:predictions',
      `cache:${classified.layer}`,
      ...rankedFields({ modelId: model.id, index, score, source: 'server' }),
    ],
  };
}

/**
 * Out of memory, out of what replicas share, or by the pool; equal pictures in flight once.
 *
 * @throws ApiError for a picture that cannot be decoded, a full queue, or a model not ready
 */
export async function classify(
  { cache, flights, pool }: Runtime,
  model: ModelFolder,
  bytes: Uint8Array<ArrayBuffer>,
  sha256: string,
  signal: AbortSignal,
): Promise<Classified> {
  const key = `${sha256}:${model.version}:${model.preprocessingVersion}`;
  const hit = cache.peek(key);
  if (hit) return fromCache(hit.prediction, hit.layer);
  const work = async (shared: AbortSignal): Promise<Classified> => {
    const found = await cache.fetch(key);
    if (found) return fromCache(found.prediction, found.layer);
    const result = await pool.classify({ modelId: model.id, bytes }, shared);
    if (!result.ok) {
      const { type, detail, expected, received } = result.problem;
      throw new ApiError(type, detail, { expected, received });
    }
    const { width, height, probabilities, decodeMs, queueMs, inferenceMs } = result;
    const prediction = { width, height, probabilities };
    cache.keep(key, prediction);
    return { prediction, layer: 'miss', decodeMs, queueMs, inferenceMs };
  };
  return flights.run(key, work, signal);
}

function fromCache(prediction: CachedPrediction, layer: CacheLayer): Classified {
  return { prediction, layer, decodeMs: 0, queueMs: 0, inferenceMs: 0 };
}

function parseQuery(
  search: URLSearchParams,
  { registry }: Runtime,
): { model: ModelFolder; topK: number } {
  const model = registry.get(search.get('model') ?? undefined);
  const classes = model.labels.length;
  const topKText = search.get('topK');
  if (topKText === null) return { model, topK: Math.min(DEFAULT_TOP_K, classes) };
  const parsed = z.coerce.number().int().min(1).max(classes).safeParse(topKText);
  if (!parsed.success) {
    throw new ApiError('invalid-request', `topK is not a number of labels: ${topKText}.`, {
      expected: `a whole number from 1 to ${classes}`,
      received: topKText,
    });
  }
  return { model, topK: parsed.data };
}

function serverTiming(timings: PredictResponse['timings']): string {
  return Object.entries(timings)
    .map(([name, milliseconds]) => `${name.replace(/Ms$/, '')};dur=${milliseconds}`)
    .join(', ');
}

function roundMs(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
