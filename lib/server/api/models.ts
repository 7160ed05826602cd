import { jsonWithEtag } from '../http/etag';
import { summarizeModel } from '../models/summary';
import { MODEL_ID, cacheable } from './openapi/parts';
import type { Route } from './route';

export const modelsRoute: Route = {
  name: 'models',
  method: 'get',
  path: '/api/models',
  id: 'listModels',
  tag: 'Models',
  summary: 'What is installed',
  description:
    'Every model that is served, with its labels, preprocessing, accuracy and files. `broken` names the folders that cannot be served, and why.',
  answers: cacheable('ModelsResponse', 'Every model, and where its files are.'),
  problems: ['invalid-request'],
  handler: ({ request }, { registry }) => {
    const models = registry.models.map((model) => summarizeModel(model, registry.isDefault(model)));
    return jsonWithEtag(request, { models, broken: registry.broken });
  },
};

export const modelRoute: Route = {
  name: 'model',
  method: 'get',
  path: '/api/models/{id}',
  id: 'getModel',
  tag: 'Models',
  summary: 'One model',
  description:
    'Its labels, preprocessing, accuracy and files. `deviceFile` is the file that browsers load.',
  parameters: [MODEL_ID],
  answers: cacheable('ModelSummary', 'The model.'),
  problems: ['invalid-request', 'not-found'],
  handler: ({ request, params }, { registry }) => {
    const model = registry.get(params.id);
    return jsonWithEtag(request, summarizeModel(model, registry.isDefault(model)));
  },
};
