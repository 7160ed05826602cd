/** The routes under /api. */
import { MAX_BATCH_IMAGES } from '@/lib/shared/contract/batch';
import { refTo, type JsonSchema } from '../schemas';
import {
  LIMITED,
  UPLOADED,
  DECODED,
  INFERRED,
  MODEL_QUERY,
  TOP_K,
  EXPLAIN,
  EXPLAIN_INDEX,
  WINDOW,
  MODEL_ID,
  json,
  cacheable,
  multipart,
  BYTES,
  FILE,
  type Operation,
} from './parts';

const LIVE: JsonSchema = {
  type: 'object',
  properties: { status: { const: 'ok' } },
  required: ['status'],
  additionalProperties: false,
};

export const API: readonly Operation[] = [
  {
    method: 'post',
    path: '/api/predict',
    id: 'predict',
    tag: 'Predictions',
    summary: 'Classify one picture',
    description:
      'One picture in one of three ways: a multipart part named `image` (or `file`), the raw bytes, or base64 in JSON. The bytes decide the format: JPEG, PNG, WebP, AVIF or GIF. Scores are probabilities over all classes.',
    policy: 'predict',
    parameters: [TOP_K, MODEL_QUERY, EXPLAIN, EXPLAIN_INDEX],
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
    description:
      'Up to 500, never a picture; each id counts once. Reports of an unknown model, version or label, of a time more than 14 days ago or without a UUID are rejected; 2,000 count a day for each identity.',
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
          index: 193,
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
