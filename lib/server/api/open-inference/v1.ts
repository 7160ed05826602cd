/** KServe's protocol v1, translated to an inference of v2. */
import { DEFAULT_TOP_K } from '@/lib/shared/contract/predict';
import { v1RequestSchema, type V1Response } from '@/lib/shared/contract/kserve-v1';
import type { OipRequestInput } from '@/lib/shared/contract/open-inference';
import { topK } from '@/lib/shared/vision/ranking';
import { ApiError } from '../../http/api-error';
import { jsonResponse } from '../../http/json-response';
import type { TensorSignature } from '../../inference/task';
import { readBytes } from '../../intake/body';
import { assertFewValues, parseJson } from '../../intake/json';
import { base64OverheadBytes } from '../../intake/single-image';
import { DECODED, INFERRED, LIMITED, MODEL_ID, UPLOADED, json } from '../openapi/parts';
import type { CountedResponse, Route, RouteContext } from '../route';
import type { Runtime } from '../runtime';
import { inferTensors } from './infer';
import { findModel, IMAGE_INPUT, PROBABILITIES } from './metadata';
import { probe } from './probe';
import { maxJsonValues } from './tensors';

const TAG = 'KServe v1';
const VERB = ':predict';

async function predict(
  { request, params, charge, notes }: RouteContext,
  runtime: Runtime,
): Promise<CountedResponse> {
  const model = findModel(runtime, { id: params.id!.slice(0, -VERB.length) });
  notes.model = model.id;
  const { input } = runtime.pool.signature(model.id);
  const { maxUploadBytes: maxBytes, uploadTimeoutMs: timeoutMs } = runtime.settings;
  const overheadBytes = base64OverheadBytes(maxBytes);
  const body = await readBytes(request, { maxBytes, overheadBytes, timeoutMs });
  assertFewValues(body, maxJsonValues(input));
  const asked = readInstances(parseJson(body));
  const question = {
    request: { inputs: [toInput(asked, input)], outputs: [{ name: PROBABILITIES }] },
    bytes: new Map<string, Uint8Array>(),
  };
  const { signal } = request;
  const { tensors, counted } = await inferTensors(question, model, { runtime, signal, charge });
  const scores = tensors[0]!.data;
  const classes = model.labels.length;
  const answer: V1Response = {
    predictions: asked.map((_, row) =>
      topK(
        scores.subarray(row * classes, (row + 1) * classes),
        model.labels,
        Math.min(DEFAULT_TOP_K, classes),
      ),
    ),
  };
  const response = jsonResponse(answer, { headers: { 'Cache-Control': 'no-store' } });
  return { response, counted: ['n:predictions', ...counted] };
}

function readInstances(body: unknown): readonly unknown[] {
  const parsed = v1RequestSchema.safeParse(body);
  if (parsed.success) return parsed.data.instances;
  const [issue] = parsed.error.issues;
  throw new ApiError('invalid-request', "The body is not a request of KServe's protocol v1.", {
    expected: '{"instances": [{"b64": "<base64 of a picture>"}]}',
    received: `${issue?.path.join('.') || 'the whole body'}: ${issue?.message ?? ''}`,
  });
}

/** Either all instances are pictures, or all are numbers for the model's own input. */
function toInput(instances: readonly unknown[], input: TensorSignature): OipRequestInput {
  if (Array.isArray(instances[0])) {
    const shape = [instances.length, ...nestedShape(instances[0])];
    return { name: input.name, datatype: 'FP32', shape, data: [...instances] };
  }
  const data = instances.map(pictureOf);
  return { name: IMAGE_INPUT, datatype: 'BYTES', shape: [data.length], data };
}

function nestedShape(values: unknown): number[] {
  const shape: number[] = [];
  for (let inner = values; Array.isArray(inner); inner = inner[0]) shape.push(inner.length);
  return shape;
}

/** The instance's base64, either a string or nested in objects with one field. */
function pictureOf(instance: unknown, index: number): string {
  let inner = instance;
  for (let depth = 0; depth < 3 && typeof inner === 'object' && inner !== null; depth++) {
    const values: unknown[] = Object.values(inner);
    inner = 'b64' in inner ? inner.b64 : values.length === 1 ? values[0] : undefined;
  }
  if (typeof inner === 'string') return inner;
  throw new ApiError('invalid-request', `Instance ${index} is not a picture.`, {
    expected: 'base64, {"b64": "<base64>"} or {"image_bytes": {"b64": "<base64>"}}',
    received: (JSON.stringify(instance) ?? 'nothing').slice(0, 40),
  });
}

export const v1PredictRoute: Route = {
  name: 'v1-predict',
  method: 'post',
  path: `/v1/models/{id}${VERB}`,
  id: 'v1Predict',
  tag: TAG,
  summary: 'Classify pictures',
  description:
    'Each instance is a picture in base64 (`{"b64": "…"}`), or the model’s own input as nested numbers. Each costs one of the quota.',
  policy: 'predict',
  errors: 'error',
  parameters: [MODEL_ID],
  body: json('V1Request'),
  answers: { 200: { description: 'Of each its best labels.', content: json('V1Response') } },
  problems: [...UPLOADED, ...DECODED, ...LIMITED, ...INFERRED, 'not-found'],
  sample: { instances: [{ b64: '<base64 of a picture>' }] },
  handler: predict,
};

export const v1ModelsRoute: Route = {
  name: 'v1-models',
  method: 'get',
  path: '/v1/models',
  id: 'v1Models',
  tag: TAG,
  summary: 'Names of the models',
  description: 'The ids of all models that are served.',
  answers: { 200: { description: 'Those that are served.', content: json('V1Models') } },
  problems: [],
  handler: (_, { registry }) =>
    jsonResponse(
      { models: registry.models.map(({ id }) => id) },
      { headers: { 'Cache-Control': 'no-cache' } },
    ),
};

export const v1ModelRoute: Route = {
  name: 'v1-model',
  method: 'get',
  path: '/v1/models/{id}',
  id: 'v1Model',
  tag: TAG,
  summary: 'Whether a model can be asked',
  description: '503 while no worker is ready.',
  errors: 'error',
  parameters: [MODEL_ID],
  answers: {
    200: { description: 'It can.', content: json('V1Model') },
    503: { description: 'Not now.', content: json('V1Model'), headers: ['Retry-After'] },
  },
  problems: ['not-found'],
  handler: ({ params }, runtime) => {
    const { id } = findModel(runtime, params);
    const isReady = runtime.pool.state === 'ready';
    return probe(isReady ? 200 : 503, { name: id, ready: isReady });
  },
};
