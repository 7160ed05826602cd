/** One model in one pool worker, on one thread. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { GraphModel, type Engine } from '../../shared/model/graph-model';
import type { ModelSignature, NamedTensor, WorkerModel } from './task';

export interface LoadedModel extends WorkerModel {
  readonly graph: GraphModel;
  readonly signature: ModelSignature;
  readonly release: () => Promise<void>;
}

/** @throws Error if the file is no model, or does not fit what its folder says */
export async function loadModel(model: WorkerModel): Promise<LoadedModel> {
  const session = await openSession(model.onnxFile);
  const release = () => session.release();
  try {
    const graph = await GraphModel.open(engineOf(session), model);
    const signature = { ...graph.signature, modelId: model.id, scores: graph.scores };
    return { ...model, graph, signature, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function openSession(onnxFile: string): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(onnxFile, {
      executionProviders: ['cpu'],
      executionMode: 'sequential',
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
    });
  } catch (error) {
    const reason = (error as Error).message;
    throw new Error(`expected onnx/model.onnx to be a model that can be loaded: ${reason}`, {
      cause: error,
    });
  }
}

/** Runs the model on values in the order of its input; gives the named outputs, in that order. */
export function runModel(
  { graph }: Pick<LoadedModel, 'graph'>,
  data: Float32Array,
  dims: readonly number[],
  outputs: readonly string[],
): Promise<NamedTensor[]> {
  return graph.run(data, dims, outputs);
}

function engineOf(session: InferenceSession): Engine {
  return {
    inputs: session.inputMetadata,
    outputs: session.outputMetadata,
    run: async ({ name, type, data, dims }, outputs) => {
      const results = await session.run({ [name]: new Tensor(type, data, dims) }, [...outputs]);
      return outputs.map((output) => results[output]!);
    },
  };
}
