/** One model in one pool worker, on one thread. */
import './no-telemetry';
import { readFile, stat } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { GraphModel, openWithFeatures, type Engine } from '@/lib/shared/model/graph-model';
import { explainLoadFailure } from '@/lib/shared/model/load-failure';
import { otherKindOf } from '../models/graph-file';
import { providersInUse } from './execution-providers';
import { releaseBytes } from './release-memory';
import type { ModelSignature, NamedTensor, WorkerModel } from './task';

export interface LoadedModel extends WorkerModel {
  readonly graph: GraphModel;
  readonly signature: ModelSignature;
  readonly release: () => Promise<void>;
}

/** @throws Error if the file is no model, or does not fit what its folder says */
export async function loadModel(model: WorkerModel): Promise<LoadedModel> {
  const { session, tail } = await openSession(model);
  const release = () => session.release();
  try {
    const graph = await GraphModel.open(engineOf(session), { ...model, tail });
    const { input } = graph.signature;
    const batch = (await graph.takesBatches(model.preprocessing)) ? -1 : 1;
    const signature = {
      ...graph.signature,
      input: { ...input, shape: [batch, ...input.shape.slice(1)] },
      modelId: model.id,
      head: graph.head,
      hasActivations: graph.hasActivations,
    };
    return { ...model, graph, signature, release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Larger files are not read to find a pooling tail; convolutional networks are smaller. */
const MAX_READ_BYTES = 256 * 1024 * 1024;

const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  executionMode: 'sequential',
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
};

async function openSession({
  onnxFile,
  head,
}: WorkerModel): ReturnType<typeof openWithFeatures<InferenceSession>> {
  try {
    const { size } = await stat(onnxFile);
    const opened = await openFile(onnxFile, size, head);
    await releaseBytes(size);
    return opened;
  } catch (error) {
    const kind = await otherKindOf(onnxFile).catch(() => undefined);
    const reason = kind ?? explainLoadFailure((error as Error).message);
    throw new Error(`expected onnx/model.onnx to be a model that can be loaded: ${reason}`, {
      cause: error,
    });
  }
}

async function openFile(onnxFile: string, size: number, head: WorkerModel['head']) {
  const options = { ...SESSION_OPTIONS, executionProviders: [...providersInUse()] };
  const model = size <= MAX_READ_BYTES ? await readFile(onnxFile) : new Uint8Array();
  return openWithFeatures(model, head, (extended) =>
    // Loaded by path, so that the runtime finds weights in files beside it.
    extended
      ? InferenceSession.create(extended, options)
      : InferenceSession.create(onnxFile, options),
  );
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
      const tensor = new Tensor(type, data, dims);
      // On Node 24 a tensor holds a native Float16Array, of which the library reads 0 bytes.
      if (type === 'float16') Object.assign(tensor, { cpuData: data });
      const results = await session.run({ [name]: tensor }, [...outputs]);
      return outputs.map((output) => results[output]!);
    },
  };
}
