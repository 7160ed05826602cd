/** Every route: what it takes, and each status it answers with. The contract tests hold it to that. */
import type { ProblemType } from '../../shared/contract/problems';
import { MAX_BATCH_IMAGES } from '../../shared/contract/batch';
import type { PolicyName } from '../settings';
import { refTo, type JsonSchema, type SchemaName } from './schemas';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly description: string;
  readonly schema: JsonSchema;
  /** For the snippets. */
  readonly example: string;
}

/** A body by media type; the schema of bytes is empty, as OpenAPI 3.1 has it. */
export type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

export interface Answer {
  readonly description: string;
  readonly content?: Content;
  readonly headers?: readonly HeaderName[];
}

export type HeaderName =
  'ETag' | 'RateLimit' | 'RateLimit-Policy' | 'Retry-After' | 'Server-Timing' | 'X-Cache';

export interface Operation {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly policy?: PolicyName;
  readonly parameters?: readonly Parameter[];
  readonly body?: Content;
  readonly answers: Readonly<Record<number, Answer>>;
  readonly problems: readonly ProblemType[];
  /** How it says them; `{"error"}` is the Open Inference Protocol's way. */
  readonly errors?: 'problem' | 'error';
  /** What the snippets send. */
  readonly sample?: 'picture' | 'pictures' | Readonly<Record<string, unknown>>;
}

const LIMITED: ProblemType[] = ['unknown-key', 'quota-exceeded'];
const UPLOADED: ProblemType[] = [
  'invalid-request',
  'upload-timeout',
  'too-large',
  'unsupported-encoding',
];
const DECODED: ProblemType[] = ['unsupported-image', 'undecodable-image', 'too-many-pixels'];
const INFERRED: ProblemType[] = ['overloaded', 'not-ready'];

const MODEL_QUERY: Parameter = {
  name: 'model',
  in: 'query',
  description: 'Id of a model out of /api/models; without it the default one.',
  schema: { type: 'string' },
  example: 'tiny-imagenet-200',
};
const TOP_K: Parameter = {
  name: 'topK',
  in: 'query',
  description: 'How many labels, from 1 to the number of classes.',
  schema: { type: 'integer', minimum: 1, default: 5 },
  example: '3',
};
const WINDOW: Parameter = {
  name: 'window',
  in: 'query',
  description: 'How far back.',
  schema: { type: 'string', enum: ['1h', '24h', '7d'], default: '1h' },
  example: '24h',
};
const MODEL_ID: Parameter = {
  name: 'id',
  in: 'path',
  description: 'Id of a model.',
  schema: { type: 'string' },
  example: 'tiny-imagenet-200',
};
const VERSION: Parameter = {
  name: 'version',
  in: 'path',
  description: 'First 12 hex digits of the SHA-256 of the model file.',
  schema: { type: 'string' },
  example: '71b9a56b3a2d',
};

const json = (name: SchemaName): Content => ({ 'application/json': { schema: refTo(name) } });
const cacheable = (name: SchemaName, description: string): Operation['answers'] => ({
  200: { description, content: json(name), headers: ['ETag'] },
  304: { description: 'As If-None-Match has it already.', headers: ['ETag'] },
});
const multipart = (part: string, schema: JsonSchema): Content => ({
  'multipart/form-data': {
    schema: { type: 'object', required: [part], properties: { [part]: schema } },
  },
});
const BYTES: JsonSchema = {};
const FILE: JsonSchema = { type: 'string', contentMediaType: 'application/octet-stream' };

const LIVE: JsonSchema = {
  type: 'object',
  properties: { status: { const: 'ok' } },
  required: ['status'],
  additionalProperties: false,
};

const API: readonly Operation[] = [
  {
    method: 'post',
    path: '/api/predict',
    id: 'predict',
    tag: 'Predictions',
    summary: 'Classify one picture',
    description:
      'One picture in one of three ways: a multipart part named `image` (or `file`), the raw bytes, or base64 in JSON. The bytes decide the format: JPEG, PNG, WebP, AVIF or GIF. Scores are probabilities over all classes.',
    policy: 'predict',
    parameters: [TOP_K, MODEL_QUERY],
    body: {
      ...multipart('image', FILE),
      'application/octet-stream': { schema: BYTES },
      'image/*': { schema: BYTES },
      ...json('PredictJsonBody'),
    },
    answers: {
      200: {
        description: 'The ranking.',
        content: json('PredictResponse'),
        headers: ['Server-Timing', 'X-Cache'],
      },
    },
    problems: [...UPLOADED, ...DECODED, ...LIMITED, ...INFERRED, 'not-found'],
    sample: 'picture',
  },
  {
    method: 'post',
    path: '/api/predict/batch',
    id: 'predictBatch',
    tag: 'Predictions',
    summary: `Classify up to ${MAX_BATCH_IMAGES} pictures`,
    description:
      'Multipart parts named `images`. One result each, in order; a bad picture spoils no other. A batch costs one of its quota, whatever it holds.',
    policy: 'batch',
    parameters: [TOP_K, MODEL_QUERY],
    body: multipart('images', {
      type: 'array',
      items: FILE,
      minItems: 1,
      maxItems: MAX_BATCH_IMAGES,
    }),
    answers: {
      200: {
        description: 'A result or a problem for each picture.',
        content: json('BatchResponse'),
        headers: ['Server-Timing'],
      },
    },
    problems: [...UPLOADED, ...LIMITED, ...INFERRED, 'not-found'],
    sample: 'pictures',
  },
  {
    method: 'post',
    path: '/api/predictions/report',
    id: 'reportPredictions',
    tag: 'Predictions',
    summary: 'Report predictions made on a device',
    description: 'Up to 500, never a picture; each id counts once, for seven days.',
    policy: 'report',
    body: json('ReportsRequest'),
    answers: { 200: { description: 'How many were new.', content: json('CountedOnce') } },
    problems: [...UPLOADED, ...LIMITED, 'not-ready'],
    sample: {
      reports: [
        {
          id: '0198f7b0-0000-7000-8000-000000000001',
          model: 'tiny-imagenet-200',
          version: '71b9a56b3a2d',
          label: 'espresso',
          index: 110,
          score: 0.93,
          latencyMs: 21,
          backend: 'wasm',
          at: '2026-01-01T12:00:00Z',
          reason: 'offline',
        },
      ],
    },
  },
  {
    method: 'post',
    path: '/api/feedback',
    id: 'giveFeedback',
    tag: 'Predictions',
    summary: 'Say whether an answer was right',
    policy: 'report',
    body: json('FeedbackRequest'),
    answers: { 200: { description: 'Whether it was new.', content: json('CountedOnce') } },
    problems: [...UPLOADED, ...LIMITED, 'not-found', 'not-ready'],
    sample: {
      id: '0198f7b0-0000-7000-8000-000000000002',
      model: 'tiny-imagenet-200',
      label: 'espresso',
      correct: true,
    },
  },
  {
    method: 'get',
    path: '/api/models',
    id: 'listModels',
    tag: 'Models',
    summary: 'What is installed',
    answers: cacheable('ModelsResponse', 'Every model, and where its files are.'),
    problems: [],
  },
  {
    method: 'get',
    path: '/api/models/{id}',
    id: 'getModel',
    tag: 'Models',
    summary: 'One model',
    parameters: [MODEL_ID],
    answers: cacheable('ModelSummary', 'The model.'),
    problems: ['not-found'],
  },
  {
    method: 'get',
    path: '/api/model/uptime',
    id: 'getUptime',
    tag: 'Models',
    summary: 'How long a model has been there',
    parameters: [MODEL_QUERY],
    answers: {
      200: {
        description: 'Availability is a share from 0 to 1.',
        content: json('UptimeResponse'),
      },
    },
    problems: ['not-found'],
  },
  {
    method: 'get',
    path: '/api/statistics',
    id: 'getStatistics',
    tag: 'Numbers',
    summary: 'Totals, latency and a series over time',
    policy: 'read',
    parameters: [WINDOW],
    answers: cacheable('StatisticsResponse', 'The numbers of the window.'),
    problems: ['invalid-request', ...LIMITED],
  },
  {
    method: 'get',
    path: '/api/visualizations',
    id: 'getVisualizations',
    tag: 'Numbers',
    summary: 'The same numbers, ready to be drawn',
    policy: 'read',
    parameters: [WINDOW, MODEL_QUERY],
    answers: cacheable('VisualizationsResponse', 'The charts of the window.'),
    problems: ['invalid-request', 'not-found', ...LIMITED],
  },
  {
    method: 'get',
    path: '/api/health',
    id: 'getHealth',
    tag: 'Operation',
    summary: 'Whether predictions are answered',
    parameters: [
      {
        name: 'probe',
        in: 'query',
        description: '`live` asks only whether the process answers.',
        schema: { type: 'string', enum: ['live'] },
        example: 'live',
      },
    ],
    answers: {
      200: {
        description: 'They are; `degraded` says with what is wrong.',
        content: {
          'application/json': {
            schema: { anyOf: [refTo('HealthResponse'), LIVE] },
          },
        },
      },
      503: {
        description: 'They are not now.',
        content: json('HealthResponse'),
        headers: ['Retry-After'],
      },
    },
    problems: [],
  },
  {
    method: 'get',
    path: '/api/metrics',
    id: 'getMetrics',
    tag: 'Operation',
    summary: 'Metrics for Prometheus',
    description: 'Where METRICS_TOKEN is set, only with that bearer token.',
    answers: {
      200: {
        description: 'Text of version 0.0.4.',
        content: { 'text/plain': { schema: { type: 'string' } } },
      },
    },
    problems: ['unknown-key'],
  },
  {
    method: 'get',
    path: '/api/openapi.json',
    id: 'getOpenApi',
    tag: 'Operation',
    summary: 'This description',
    answers: {
      200: {
        description: 'OpenAPI 3.1.',
        content: { 'application/json': { schema: { type: 'object' } } },
        headers: ['ETag'],
      },
      304: { description: 'As If-None-Match has it already.', headers: ['ETag'] },
    },
    problems: [],
  },
];

const HUGGING_FACE: readonly Operation[] = [
  {
    method: 'post',
    path: '/hf/models/{id}',
    id: 'huggingFaceTask',
    tag: 'Hugging Face',
    summary: 'Image classification as Hugging Face’s clients ask for it',
    policy: 'predict',
    parameters: [MODEL_ID],
    body: { 'application/octet-stream': { schema: BYTES }, ...json('HuggingFaceRequest') },
    answers: {
      200: {
        description: 'Labels with scores.',
        content: json('HuggingFaceResponse'),
        headers: ['X-Cache'],
      },
    },
    problems: [...UPLOADED, ...DECODED, ...LIMITED, ...INFERRED, 'not-found'],
    sample: 'picture',
  },
  {
    method: 'get',
    path: '/hf/{id}/resolve/{revision}/{path}',
    id: 'getModelFile',
    tag: 'Hugging Face',
    summary: 'A file of a model, as a hub serves it',
    description: 'One byte range is honoured. With a revision that is a hash it never changes.',
    parameters: [
      MODEL_ID,
      {
        name: 'revision',
        in: 'path',
        description: '`main`, or the model’s revision.',
        schema: { type: 'string' },
        example: 'main',
      },
      {
        name: 'path',
        in: 'path',
        description: 'Path in the folder, slashes included.',
        schema: { type: 'string' },
        example: 'config.json',
      },
    ],
    answers: {
      200: { description: 'The file.', content: { '*/*': { schema: BYTES } }, headers: ['ETag'] },
      206: {
        description: 'A part of it.',
        content: { '*/*': { schema: BYTES } },
        headers: ['ETag'],
      },
      304: { description: 'As If-None-Match has it already.', headers: ['ETag'] },
      416: { description: 'The range lies outside.' },
    },
    problems: ['not-found'],
  },
];

const V2_MODEL: Omit<Operation, 'path' | 'id'> = {
  method: 'get',
  tag: 'Open Inference Protocol',
  summary: 'Inputs and outputs of a model',
  errors: 'error',
  answers: { 200: { description: 'Its metadata.', content: json('InferenceModel') } },
  problems: ['not-found', 'not-ready'],
};
const V2_MODEL_READY: Omit<Operation, 'path' | 'id'> = {
  method: 'get',
  tag: 'Open Inference Protocol',
  summary: 'Whether a model can be inferred with',
  errors: 'error',
  answers: {
    200: { description: 'It can.', content: json('InferenceModelReady') },
    503: {
      description: 'Not now.',
      content: json('InferenceModelReady'),
      headers: ['Retry-After'],
    },
  },
  problems: ['not-found'],
};
const V2_INFER: Omit<Operation, 'path' | 'id'> = {
  method: 'post',
  tag: 'Open Inference Protocol',
  summary: 'Infer',
  description: `Either the model’s own input as FP32, prepared by you, or a tensor \`image\` of datatype BYTES with encoded pictures in base64, prepared here; up to ${MAX_BATCH_IMAGES} pictures. Outputs are those of the graph, and \`probabilities\`.`,
  policy: 'predict',
  errors: 'error',
  body: json('InferenceRequest'),
  answers: { 200: { description: 'The outputs.', content: json('InferenceResponse') } },
  problems: [...UPLOADED, ...DECODED, ...LIMITED, ...INFERRED, 'not-found'],
  sample: {
    id: '42',
    inputs: [{ name: 'image', shape: [1], datatype: 'BYTES', data: ['<base64 of a picture>'] }],
    outputs: [{ name: 'probabilities' }],
  },
};
const versioned = [MODEL_ID, VERSION];

const OPEN_INFERENCE: readonly Operation[] = [
  {
    method: 'get',
    path: '/v2',
    id: 'v2Server',
    tag: 'Open Inference Protocol',
    summary: 'Name and version of the server',
    answers: { 200: { description: 'Its metadata.', content: json('InferenceServer') } },
    problems: [],
  },
  {
    method: 'get',
    path: '/v2/health/live',
    id: 'v2Live',
    tag: 'Open Inference Protocol',
    summary: 'Whether the server answers',
    answers: { 200: { description: 'It does.', content: json('InferenceServerLive') } },
    problems: [],
  },
  {
    method: 'get',
    path: '/v2/health/ready',
    id: 'v2Ready',
    tag: 'Open Inference Protocol',
    summary: 'Whether the server can infer',
    answers: {
      200: { description: 'It can.', content: json('InferenceServerReady') },
      503: {
        description: 'Not now.',
        content: json('InferenceServerReady'),
        headers: ['Retry-After'],
      },
    },
    problems: [],
  },
  { ...V2_MODEL, path: '/v2/models/{id}', id: 'v2Model', parameters: [MODEL_ID] },
  { ...V2_MODEL_READY, path: '/v2/models/{id}/ready', id: 'v2ModelReady', parameters: [MODEL_ID] },
  { ...V2_INFER, path: '/v2/models/{id}/infer', id: 'v2Infer', parameters: [MODEL_ID] },
  {
    ...V2_MODEL,
    path: '/v2/models/{id}/versions/{version}',
    id: 'v2ModelVersion',
    parameters: versioned,
  },
  {
    ...V2_MODEL_READY,
    path: '/v2/models/{id}/versions/{version}/ready',
    id: 'v2ModelVersionReady',
    parameters: versioned,
  },
  {
    ...V2_INFER,
    path: '/v2/models/{id}/versions/{version}/infer',
    id: 'v2VersionInfer',
    parameters: versioned,
  },
];

export const OPERATIONS: readonly Operation[] = [...API, ...HUGGING_FACE, ...OPEN_INFERENCE];
