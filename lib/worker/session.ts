import type { InferenceSession, TensorConstructor } from 'onnxruntime-web';
import { GraphModel, openWithFeatures, type Engine } from '@/lib/shared/model/graph-model';
import type { Activations } from '@/lib/shared/vision/explain/class-activation';
import { ACTIVATIONS_OUTPUT } from '@/lib/shared/model/activations';
import { spreadOfActivations } from '@/lib/shared/vision/uncertainty';
import type { PreparedTensor } from '@/lib/shared/model/graph-values';
import type { Preprocessing } from '@/lib/shared/model/preprocessing';
import type { LoadRequest } from './messages';
import { WorkerError } from './worker-error';

export interface SessionOutput {
  /** Logits of the pictures, one picture after the other. */
  readonly logits: Float32Array;
  /** Set if the model outputs activations, or if they were requested and can be computed. */
  readonly activations: Activations | undefined;
  /** Spread of the activation energy; only for a tensor with one picture. */
  readonly activationEnergySpread: number | undefined;
}

/** A loaded model: runs an input tensor to logits and class activations. */
export interface DeviceSession {
  /** Whether the model accepts more than one picture per tensor. */
  takesBatches(preprocessing: Preprocessing): Promise<boolean>;
  run(tensor: PreparedTensor, wants?: { readonly activations: boolean }): Promise<SessionOutput>;
}

/**
 * Starts onnxruntime-web and loads the model from bytes that the page hands over. Only the small
 * script that starts WebAssembly is fetched by its URL, because its threads need that URL.
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
    const model = new Uint8Array(request.modelBytes);
    const externalData = (request.weights ?? []).map(({ path, data }) => ({
      path,
      data: new Uint8Array(data),
    }));
    const { preprocessing, head, labels } = request;
    const { session, tail } = await openWithFeatures(model, head, (extended = model) =>
      InferenceSession.create(extended, {
        executionProviders: [request.backend],
        ...(externalData.length === 0 ? {} : { externalData }),
      }),
    );
    const classCount = labels.length;
    const engine = engineOf(session, Tensor);
    return new GraphSession(
      await GraphModel.open(engine, { preprocessing, head, classCount, tail }),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WorkerError('load-failed', `The model could not be started here: ${reason}`, {
      cause: error,
    });
  }
}

class GraphSession implements DeviceSession {
  readonly #graph: GraphModel;
  readonly #wanted: readonly string[];

  constructor(graph: GraphModel) {
    this.#graph = graph;
    const { logits, outputs } = graph.signature;
    const hasActivations = outputs.some(({ name }) => name === ACTIVATIONS_OUTPUT);
    this.#wanted = hasActivations ? [logits, ACTIVATIONS_OUTPUT] : [logits];
  }

  takesBatches(preprocessing: Preprocessing): Promise<boolean> {
    return this.#graph.takesBatches(preprocessing);
  }

  async run(
    tensor: PreparedTensor,
    wants: { readonly activations: boolean } = { activations: false },
  ): Promise<SessionOutput> {
    const names =
      wants.activations && this.#graph.hasActivations
        ? [this.#graph.signature.logits, ACTIVATIONS_OUTPUT]
        : this.#wanted;
    const [logits, activations] = await this.#graph.runPrepared(tensor, names);
    return {
      logits: logits!.data,
      activations,
      activationEnergySpread: spreadOfActivations(activations),
    };
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
