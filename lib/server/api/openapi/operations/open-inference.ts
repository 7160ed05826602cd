/** The routes of the Open Inference Protocol. */
import { MAX_BATCH_IMAGES } from '@/lib/shared/contract/batch';
import {
  LIMITED,
  UPLOADED,
  DECODED,
  INFERRED,
  MODEL_ID,
  VERSION,
  json,
  type Operation,
} from './parts';

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

export const OPEN_INFERENCE: readonly Operation[] = [
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
