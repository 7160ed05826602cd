import type { InferenceSession, TensorConstructor } from 'onnxruntime-web';
import type { Activations } from '../shared/vision/explain/class-activation';
import { ACTIVATIONS_OUTPUT, spreadOfActivations } from '../shared/vision/uncertainty';
import type { LoadRequest } from './messages';
import { WorkerError } from './worker-error';

export interface SessionOutput {
  /** Of one picture after the other. */
  readonly logits: Float32Array;
  /** Where the model has them. */
  readonly activations: Activations | undefined;
  /** Of the activations of one picture. */
  readonly evidenceSpread: number | undefined;
}

/** A loaded model: an input tensor to logits and what else says how sure they are. */
export interface DeviceSession {
  /** Whether more than one picture goes into a tensor. */
  readonly takesBatches: boolean;
  run(tensor: BatchTensor): Promise<SessionOutput>;
}

interface BatchTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
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
    return new OrtSession(session, Tensor);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WorkerError('load-failed', `The model could not be started here: ${reason}`, {
      cause: error,
    });
  }
}

class OrtSession implements DeviceSession {
  readonly #session: InferenceSession;
  readonly #Tensor: TensorConstructor;
  readonly #logits: string;
  readonly #wanted: readonly string[];

  constructor(session: InferenceSession, Tensor: TensorConstructor) {
    this.#session = session;
    this.#Tensor = Tensor;
    const { outputNames } = session;
    this.#logits = outputNames.includes('logits') ? 'logits' : outputNames[0]!;
    const hasActivations = outputNames.includes(ACTIVATIONS_OUTPUT);
    this.#wanted = hasActivations ? [this.#logits, ACTIVATIONS_OUTPUT] : [this.#logits];
  }

  get takesBatches(): boolean {
    const [input] = this.#session.inputMetadata;
    return input?.isTensor === true && typeof input.shape[0] !== 'number';
  }

  async run({ data, dims }: BatchTensor): Promise<SessionOutput> {
    const input = new this.#Tensor('float32', data, [...dims]);
    const feeds = { [this.#session.inputNames[0]!]: input };
    const outputs = await this.#session.run(feeds, [...this.#wanted]);
    const logits = (await outputs[this.#logits]!.getData()) as Float32Array;
    const output = outputs[ACTIVATIONS_OUTPUT];
    const activations = output && {
      dims: output.dims,
      data: (await output.getData()) as Float32Array,
    };
    return { logits, activations, evidenceSpread: spreadOfActivations(activations) };
  }
}
