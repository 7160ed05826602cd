import {
  OIP_EXTENSIONS,
  type OipModel,
  type OipTensorMetadata,
} from '@/lib/shared/contract/open-inference';
import { ApiError } from '../../http/api-error';
import { isReady } from '../../inference/readiness';
import type { ErrorFormat } from '../../http/error-format';
import type { RouteContext } from '../../http/route';
import type { ModelSignature, TensorSignature } from '../../inference/task';
import type { ModelFolder } from '../../models/folder';
import type { Runtime } from '../../process/runtime';
import { version } from '../../../../package.json';

/** Encoded pictures instead of the model's own input; prepared as everywhere here. */
export const IMAGE_INPUT = 'image';
/** The scores of all labels, as /api/predict ranks them, beside what the graph itself outputs. */
export const PROBABILITIES = 'probabilities';

/** Errors as the protocol says them, whatever the status. */
export const oipErrors: ErrorFormat = {
  contentType: 'application/json',
  body: ({ message, expected, received }) => ({
    error: [
      message,
      expected === undefined ? '' : `Expected: ${expected}.`,
      received === undefined ? '' : `Received: ${received}.`,
    ]
      .filter((part) => part !== '')
      .join(' '),
  }),
};

export interface ModelParams {
  readonly id: string;
  readonly version?: string;
}

/** @throws ApiError `not-found` for a model or a version of it that is not here */
export function findModel(
  { registry }: Runtime,
  { id, version: wanted }: ModelParams,
): ModelFolder {
  const model = registry.get(id);
  if (wanted === undefined || wanted === model.version) return model;
  throw new ApiError('not-found', `Model "${id}" has no version "${wanted}".`, {
    expected: model.version,
    received: wanted,
  });
}

/** GET /v2 */
export function serverMetadata(): Response {
  return Response.json({ name: 'sightline', version, extensions: [...OIP_EXTENSIONS] });
}

/** GET /v2/health/live */
export function live(): Response {
  return probe(200, { live: true });
}

/** GET /v2/health/ready; 503 while nothing can be inferred. */
export function ready(runtime: Runtime): Response {
  const answers = isReady(runtime.pool, runtime.registry);
  return probe(answers ? 200 : 503, { live: true, ready: answers });
}

/** GET /v2/models/{id}/ready; 503 while it cannot be inferred with. */
export function modelReady({ params }: RouteContext<ModelParams>, runtime: Runtime): Response {
  const { id } = findModel(runtime, params);
  const answers = runtime.pool.state === 'ready';
  return probe(answers ? 200 : 503, { name: id, ready: answers });
}

/** GET /v2/models/{id} */
export function modelMetadata({ params }: RouteContext<ModelParams>, runtime: Runtime): Response {
  const model = findModel(runtime, params);
  const body = describeModel(model, runtime.pool.signature(model.id));
  return Response.json(body, { headers: { 'Cache-Control': 'no-cache' } });
}

function describeModel(model: ModelFolder, { input, outputs }: ModelSignature): OipModel {
  return {
    name: model.id,
    versions: [model.version],
    platform: 'onnxruntime_onnx',
    inputs: [describeTensor(input), { name: IMAGE_INPUT, datatype: 'BYTES', shape: [-1] }],
    outputs: [
      ...outputs.filter(({ name }) => name !== PROBABILITIES).map(describeTensor),
      { name: PROBABILITIES, datatype: 'FP32', shape: [-1, model.labels.length] },
    ],
  };
}

function describeTensor({ name, shape }: TensorSignature): OipTensorMetadata {
  return { name, datatype: 'FP32', shape: [...shape] };
}

function probe(status: 200 | 503, body: unknown): Response {
  const headers = {
    'Cache-Control': 'no-store',
    ...(status === 503 ? { 'Retry-After': '1' } : {}),
  };
  return Response.json(body, { status, headers });
}
