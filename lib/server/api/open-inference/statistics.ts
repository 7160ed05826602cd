/**
 * What this process has inferred since it started: the statistics extension,
 * https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_statistics.md
 */
import type { OipStatistics } from '@/lib/shared/contract/open-inference';
import { jsonResponse } from '../../http/json-response';
import type { ModelFolder } from '../../models/folder';
import { MODEL_ID, VERSION, json } from '../openapi/parts';
import type { Route } from '../route';
import type { Runtime } from '../runtime';
import { findModel } from './metadata';

const NS_PER_MS = 1e6;

function answerStatistics(models: readonly ModelFolder[], runtime: Runtime): Response {
  const body: OipStatistics = { model_stats: models.map((model) => statisticsOf(model, runtime)) };
  return jsonResponse(body, { headers: { 'Cache-Control': 'no-store' } });
}

function statisticsOf(
  { id, version }: ModelFolder,
  { predictionCounter }: Pick<Runtime, 'predictionCounter'>,
): OipStatistics['model_stats'][number] {
  const counts = predictionCounter.of(id);
  const { succeeded, executions, cacheHits } = counts;
  return {
    name: id,
    version,
    last_inference: counts.lastAt?.getTime() ?? 0,
    inference_count: succeeded,
    execution_count: executions,
    inference_stats: {
      success: duration(succeeded, counts.succeededMs),
      fail: duration(counts.failed, counts.failedMs),
      queue: duration(executions, counts.queueMs),
      compute_input: duration(executions, counts.decodeMs),
      compute_infer: duration(executions, counts.inferenceMs),
      // Included in compute_infer; not measured separately.
      compute_output: duration(0, 0),
      cache_hit: duration(cacheHits, counts.cacheHitMs),
      cache_miss: duration(succeeded - cacheHits, 0),
    },
    batch_stats: [],
  };
}

function duration(count: number, milliseconds: number): { count: number; ns: number } {
  return { count, ns: Math.round(milliseconds * NS_PER_MS) };
}

const common = {
  name: 'v2-stats',
  method: 'get',
  tag: 'Open Inference Protocol',
  errors: 'error',
  answers: {
    200: { description: 'Counts and nanoseconds.', content: json('InferenceStatistics') },
  },
} as const;

export const statsRoute: Route = {
  ...common,
  path: '/v2/models/stats',
  id: 'v2Stats',
  summary: 'What this process has inferred with each model',
  description:
    'Since this process started. Times that are not measured apart (compute_output, the look-up of cache_miss) are 0.',
  problems: [],
  handler: (_, runtime) => answerStatistics(runtime.registry.models, runtime),
};

export const modelStatsRoute: Route = {
  ...common,
  path: '/v2/models/{id}/stats',
  id: 'v2ModelStats',
  summary: 'What this process has inferred with a model',
  description:
    'Since this process started. Times that are not measured apart (compute_output, the look-up of cache_miss) are 0.',
  parameters: [MODEL_ID],
  problems: ['not-found'],
  handler: ({ params }, runtime) => answerStatistics([findModel(runtime, params)], runtime),
};

export const modelVersionStatsRoute: Route = {
  ...modelStatsRoute,
  path: '/v2/models/{id}/versions/{version}/stats',
  id: 'v2ModelVersionStats',
  parameters: [MODEL_ID, VERSION],
};
