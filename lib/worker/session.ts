import type { InferenceSession, TensorConstructor } from 'onnxruntime-web';
import { GraphModel, type Engine } from '../shared/model/graph-model';
import type { ImageTensor } from '../shared/vision/tensor';
import type { LoadRequest } from './messages';
import { WorkerError } from './worker-error';

/** A loaded model: an input tensor to logits. */
export interface DeviceSession {
  run(tensor: ImageTensor): Promise<Float32Array>;
}

/**
 * Loads onnxruntime-web and the model. Everything comes from bytes the page hands over, but for the
 * small script that starts the WebAssembly, which must have an address of its own for its threads.
 *
 * @throws WorkerError `load-failed`
 */
export async function createSession(request: LoadRequest): Promise<DeviceSession> {
  try {
    const { InferenceSession, Tensor, env } =
      request.backend === 'webgpu'
        ? await import('onnxruntime-web/webgpu')
        : await import('onnxruntime-web/wasm');
    env.wasm.wasmPaths = { mjs: request.scriptUrl };
    env.wasm.wasmBinary = request.wasmBinary;
    env.wasm.numThreads = request.threads;
    const session = await InferenceSession.create(new Uint8Array(request.modelBytes), {
      executionProviders: [request.backend],
    });
    const { preprocessing, scores, labels } = request;
    const classCount = labels.length;
    const engine = engineOf(session, Tensor);
    return new GraphSession(await GraphModel.open(engine, { preprocessing, scores, classCount }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WorkerError('load-failed', `The model could not be started here: ${reason}`, {
      cause: error,
    });
  }
}

class GraphSession implements DeviceSession {
  readonly #graph: GraphModel;

  constructor(graph: GraphModel) {
    this.#graph = graph;
  }

  async run(tensor: ImageTensor): Promise<Float32Array> {
    const [logits] = await this.#graph.runPicture(tensor, [this.#graph.signature.logits]);
    return logits!.data;
  }
}

function engineOf(session: InferenceSession, Tensor: TensorConstructor): Engine {
  return {
    inputs: session.inputMetadata,
    outputs: session.outputMetadata,
    run: async ({ name, type, data, dims }, outputs) => {
      const results = await session.run({ [name]: new Tensor(type, data, dims) }, [...outputs]);
      return Promise.all(
        outputs.map(async (output) => {
          const result = results[output]!;
          return { dims: result.dims, data: await result.getData() };
        }),
      );
    },
  };
}
