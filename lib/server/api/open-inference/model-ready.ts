import { MODEL_ID, VERSION, json } from '../openapi/parts';
import type { Route, RouteContext } from '../route';
import type { Runtime } from '../runtime';
import { findModel } from './metadata';
import { probe } from './probe';

/** 503 while the model cannot be used. */
function modelReady({ params }: RouteContext, runtime: Runtime): Response {
  const { id } = findModel(runtime, params);
  const isReady = runtime.pool.state === 'ready';
  return probe(isReady ? 200 : 503, { name: id, ready: isReady });
}

export const modelReadyRoute: Route = {
  name: 'v2-model-ready',
  method: 'get',
  path: '/v2/models/{id}/ready',
  id: 'v2ModelReady',
  tag: 'Open Inference Protocol',
  summary: 'Whether a model can be inferred with',
  description: '503 while no worker is ready.',
  errors: 'error',
  parameters: [MODEL_ID],
  answers: {
    200: { description: 'It can.', content: json('InferenceModelReady') },
    503: {
      description: 'Not now.',
      content: json('InferenceModelReady'),
      headers: ['Retry-After'],
    },
  },
  problems: ['not-found'],
  handler: modelReady,
};

export const modelVersionReadyRoute: Route = {
  ...modelReadyRoute,
  path: '/v2/models/{id}/versions/{version}/ready',
  id: 'v2ModelVersionReady',
  parameters: [MODEL_ID, VERSION],
};
