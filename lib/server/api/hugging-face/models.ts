/** The hub's API, as far as its clients need it to find and load a model. */
import { jsonWithEtag } from '../../http/etag';
import { MODEL_ID, cacheable, type Parameter } from '../openapi/parts';
import type { Route, RouteContext } from '../route';
import type { Runtime } from '../runtime';
import { assertRevision, describeHubModel, findHubModel, listTree, OWNER } from './hub';

const TAG = 'Hugging Face';

const REVISION: Parameter = {
  name: 'revision',
  in: 'path',
  description: '`main`, or the model’s revision.',
  schema: { type: 'string' },
  example: 'main',
};
const BLOBS: Parameter = {
  name: 'blobs',
  in: 'query',
  description: 'true adds sizes and hashes.',
  schema: { type: 'string' },
  example: 'true',
};
const RECURSIVE: Parameter = {
  name: 'recursive',
  in: 'query',
  description: 'true opens the folders.',
  schema: { type: 'string' },
  example: 'true',
};

const saysYes = (url: string, name: string) =>
  /^(true|1)$/i.test(new URL(url).searchParams.get(name) ?? '');

/** The requested name, with or without the owner. */
function nameOf({ request: { url }, params: { id = '' } }: RouteContext): string {
  const isOwned = new URL(url).pathname.startsWith(`/hf/api/models/${OWNER}/${encodeURI(id)}`);
  return isOwned ? `${OWNER}/${id}` : id;
}

function answerModel(context: RouteContext, { registry }: Runtime): Response {
  const { request, params } = context;
  const model = findHubModel(registry, params.id);
  assertRevision(model, params.revision ?? 'main');
  return jsonWithEtag(
    request,
    describeHubModel(model, nameOf(context), saysYes(request.url, 'blobs')),
  );
}

function answerTree({ request, params }: RouteContext, { registry }: Runtime): Response {
  const model = findHubModel(registry, params.id);
  assertRevision(model, params.revision ?? 'main');
  return jsonWithEtag(
    request,
    listTree(model, params.path ?? '', saysYes(request.url, 'recursive')),
  );
}

export const hubModelsRoute: Route = {
  name: 'hub-models',
  method: 'get',
  path: '/hf/api/models',
  id: 'hubModels',
  tag: TAG,
  summary: 'The models, as a hub lists them',
  description:
    'Every model that is served, with its revision. Set HF_ENDPOINT to this server’s address followed by `/hf`.',
  answers: cacheable('HubModels', 'Every model that is served.'),
  problems: [],
  handler: ({ request }, { registry }) =>
    jsonWithEtag(
      request,
      registry.models.map((model) => describeHubModel(model, `${OWNER}/${model.id}`, false)),
    ),
};

export const hubModelRoute: Route = {
  name: 'hub-model',
  method: 'get',
  path: '/hf/api/models/{id}',
  id: 'hubModel',
  tag: TAG,
  summary: 'A model, as a hub describes it',
  description: `Its id may be written as \`{id}\` or \`${OWNER}/{id}\`, here and wherever \`/hf\` has one.`,
  parameters: [MODEL_ID, BLOBS],
  answers: cacheable('HubModel', 'Its revision and its files.'),
  problems: ['not-found'],
  handler: answerModel,
};

export const hubRevisionRoute: Route = {
  ...hubModelRoute,
  path: '/hf/api/models/{id}/revision/{revision}',
  id: 'hubModelRevision',
  summary: 'A revision of a model, as a hub describes it',
  parameters: [MODEL_ID, REVISION, BLOBS],
};

export const hubTreeRoute: Route = {
  name: 'hub-tree',
  method: 'get',
  path: '/hf/api/models/{id}/tree/{revision}',
  id: 'hubTree',
  tag: TAG,
  summary: 'The files of a model, as a hub lists them',
  description:
    'Name, size and SHA-256 of the files at the top of the folder, with `recursive` of all.',
  parameters: [MODEL_ID, REVISION, RECURSIVE],
  answers: cacheable('HubTree', 'Files with size and SHA-256.'),
  problems: ['not-found'],
  handler: answerTree,
};

export const hubFolderRoute: Route = {
  ...hubTreeRoute,
  path: '/hf/api/models/{id}/tree/{revision}/{path}',
  id: 'hubFolder',
  summary: 'The files in a folder of a model, as a hub lists them',
  description:
    'Name, size and SHA-256 of the files in one folder, with `recursive` also of the folders in it.',
  parameters: [
    MODEL_ID,
    REVISION,
    {
      name: 'path',
      in: 'path',
      description: 'Path of the folder.',
      schema: { type: 'string' },
      example: 'onnx',
    },
    RECURSIVE,
  ],
};
