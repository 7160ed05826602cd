import { jsonResponse } from '../../http/json-response';
import { MODEL_ID, VERSION, json } from '../openapi/parts';
import type { Route } from '../route';
import { describeModel, findModel } from './metadata';

export const modelMetadataRoute: Route = {
  name: 'v2-model',
  method: 'get',
  path: '/v2/models/{id}',
  id: 'v2Model',
  tag: 'Open Inference Protocol',
  summary: 'Inputs and outputs of a model',
  description:
    'Names, types and shapes; -1 is the size of the batch. The input `image` takes whole pictures.',
  errors: 'error',
  parameters: [MODEL_ID],
  answers: { 200: { description: 'Its metadata.', content: json('InferenceModel') } },
  problems: ['not-found', 'not-ready'],
  handler: ({ params }, runtime) => {
    const model = findModel(runtime, params);
    const body = describeModel(model, runtime.pool.signature(model.id));
    return jsonResponse(body, { headers: { 'Cache-Control': 'no-cache' } });
  },
};

export const modelVersionMetadataRoute: Route = {
  ...modelMetadataRoute,
  path: '/v2/models/{id}/versions/{version}',
  id: 'v2ModelVersion',
  parameters: [MODEL_ID, VERSION],
};
