/** One model in one pool worker, on one thread. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ModelSignature, NamedTensor, TensorSignature, WorkerModel } from './task';

export interface LoadedModel extends WorkerModel {
  readonly session: InferenceSession;
  readonly signature: ModelSignature;
}

/** @throws Error if the file is no model, or none of 32-bit floats */
export async function loadModel(model: WorkerModel): Promise<LoadedModel> {
  const session = await InferenceSession.create(model.onnxFile, {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  return { ...model, session, signature: signatureOf(model.id, session) };
}

/** Runs the model on a tensor of its input's shape; gives the named outputs, in that order. */
export async function runModel(
  { session, signature }: LoadedModel,
  data: Float32Array,
  dims: readonly number[],
  outputs: readonly string[],
): Promise<NamedTensor[]> {
  const feeds = { [signature.input.name]: new Tensor('float32', data, dims) };
  const results = await session.run(feeds, [...outputs]);
  return outputs.map((name) => {
    const { dims: outputDims, data: values } = results[name]!;
    return { name, dims: outputDims, data: values as Float32Array<ArrayBuffer> };
  });
}

function signatureOf(modelId: string, session: InferenceSession): ModelSignature {
  const { outputNames, inputMetadata, outputMetadata } = session;
  return {
    modelId,
    input: tensorSignature(inputMetadata[0]!),
    outputs: outputMetadata.map(tensorSignature),
    logits: outputNames.includes('logits') ? 'logits' : outputNames[0]!,
  };
}

function tensorSignature(metadata: InferenceSession.ValueMetadata): TensorSignature {
  if (!metadata.isTensor || metadata.type !== 'float32') {
    const received = metadata.isTensor ? metadata.type : 'no tensor';
    throw new Error(`expected "${metadata.name}" to hold float32, but it is ${received}`);
  }
  const shape = metadata.shape.map((size) => (typeof size === 'number' && size >= 0 ? size : -1));
  return { name: metadata.name, shape };
}
