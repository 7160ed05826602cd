import { createHash } from 'node:crypto';
import { z } from 'zod';
import { DEFAULT_TOP_K, type PredictResponse } from '../shared/contract/predict';
import { topK } from '../shared/vision/ranking';
import { ApiError } from './http/api-error';
import type { RouteContext } from './http/route';
import { readSingleImage } from './intake/single-image';
import { sniffFormat } from './intake/sniff';
import type { ModelFolder } from './models/folder';
import type { Runtime } from './runtime';

/** POST /api/predict: read, sniff, hash, classify, rank. */
export async function predict(context: RouteContext<unknown>, runtime: Runtime): Promise<Response> {
  const { request, requestId, startedAtMs } = context;
  const query = parseQuery(new URL(request.url).searchParams, runtime);
  const bytes = await readSingleImage(request, runtime.settings);
  const format = await sniffFormat(bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const result = await runtime.flights.run(
    `${query.model.id}@${query.model.revision}:${sha256}`,
    (signal) => runtime.pool.classify({ modelId: query.model.id, bytes }, signal),
    request.signal,
  );
  if (!result.ok) {
    const { type, detail, expected, received } = result.problem;
    throw new ApiError(type, detail, { expected, received });
  }
  const timings = {
    decodeMs: roundMs(result.decodeMs),
    queueMs: roundMs(result.queueMs),
    inferenceMs: roundMs(result.inferenceMs),
    totalMs: roundMs(performance.now() - startedAtMs),
  };
  const answer: PredictResponse = {
    id: requestId,
    model: { id: query.model.id, version: query.model.version },
    predictions: topK(result.probabilities, query.model.labels, query.topK),
    image: { width: result.width, height: result.height, format, sha256 },
    cached: false,
    source: 'server',
    timings,
  };
  return Response.json(answer, {
    headers: { 'Cache-Control': 'no-store', 'Server-Timing': serverTiming(timings) },
  });
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
