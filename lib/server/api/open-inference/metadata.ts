import type { OipModel, OipTensorMetadata } from '@/lib/shared/contract/open-inference';
import { ApiError } from '../../http/api-error';
import type { RouteContext } from '../route';
import type { ModelSignature, TensorSignature } from '../../inference/task';
import type { ModelFolder } from '../../models/folder';
import type { Runtime } from '../runtime';

/** Input of encoded pictures instead of the model's own input; the server preprocesses them. */
export const IMAGE_INPUT = 'image';
/** The scores of all labels, as /api/predict ranks them, beside what the graph itself outputs. */
export const PROBABILITIES = 'probabilities';

/** @throws ApiError `not-found` for a model or a version of it that is not here */
export function findModel(
  { registry }: Pick<Runtime, 'registry'>,
  { id, version: wanted }: RouteContext['params'],
): ModelFolder {
  const model = registry.get(id);
  if (wanted === undefined || wanted === model.version) return model;
  throw new ApiError('not-found', `Model "${id}" has no version "${wanted}".`, {
    expected: model.version,
    received: wanted,
  });
}

/** Inputs and outputs as the protocol names them. */
export function describeModel(model: ModelFolder, { input, outputs }: ModelSignature): OipModel {
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
