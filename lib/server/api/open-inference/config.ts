/**
 * A model as Triton's `config.pbtxt` would say it: the model configuration extension,
 * https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_model_configuration.md
 */
import { MAX_BATCH_IMAGES } from '@/lib/shared/contract/batch';
import type {
  OipModel,
  OipModelConfig,
  OipTensorMetadata,
} from '@/lib/shared/contract/open-inference';
import { jsonResponse } from '../../http/json-response';
import { MODEL_ID, VERSION, json } from '../openapi/parts';
import type { Route } from '../route';
import { describeModel, findModel } from './metadata';

/** Without the batch where its size is free, and whole where the graph has it fixed. */
export function configOf(model: OipModel): OipModelConfig {
  const isBatched = model.inputs[0]!.shape[0] === -1;
  const dims = ({ shape }: OipTensorMetadata) => {
    const own = isBatched ? shape.slice(1) : shape;
    return own.length === 0 ? [1] : own;
  };
  const typed = (tensor: OipTensorMetadata) => ({
    name: tensor.name,
    data_type: tensor.datatype === 'BYTES' ? 'TYPE_STRING' : `TYPE_${tensor.datatype}`,
    dims: dims(tensor),
  });
  return {
    name: model.name,
    platform: model.platform,
    backend: 'onnxruntime',
    max_batch_size: isBatched ? MAX_BATCH_IMAGES : 0,
    // One of them is sent, never both.
    input: model.inputs.map((tensor) => ({ ...typed(tensor), optional: true })),
    output: model.outputs.map(typed),
  };
}

export const modelConfigRoute: Route = {
  name: 'v2-config',
  method: 'get',
  path: '/v2/models/{id}/config',
  id: 'v2ModelConfig',
  tag: 'Open Inference Protocol',
  summary: 'A model’s configuration, as Triton writes it',
  description: 'Inputs and outputs with types and shapes, and the largest batch.',
  errors: 'error',
  parameters: [MODEL_ID],
  answers: { 200: { description: 'It.', content: json('InferenceModelConfig') } },
  problems: ['not-found', 'not-ready'],
  handler: ({ params }, runtime) => {
    const model = findModel(runtime, params);
    const body = configOf(describeModel(model, runtime.pool.signature(model.id)));
    return jsonResponse(body, { headers: { 'Cache-Control': 'no-cache' } });
  },
};

export const modelVersionConfigRoute: Route = {
  ...modelConfigRoute,
  path: '/v2/models/{id}/versions/{version}/config',
  id: 'v2ModelVersionConfig',
  parameters: [MODEL_ID, VERSION],
};
