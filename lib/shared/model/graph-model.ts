import { assertFinite } from '../vision/ranking';
import { toLogits } from '../vision/scores';
import { imageToTensor } from '../vision/tensor';
import { ACTIVATIONS_OUTPUT } from './activations';
import {
  assertClassCount,
  assertFits,
  readGraph,
  type GraphSignature,
  type InputType,
  type ValueMetadata,
} from './graph';
import { decodeOutput, encodeInput, layOut, type PreparedTensor } from './graph-values';
import type { Head } from './head';
import { triedHead } from './head-trial';
import {
  activationsOf,
  areFeaturesOf,
  findPoolingTail,
  withFeatures,
  type PoolingTail,
} from './pooling-tail';
import type { Preprocessing } from './preprocessing';

export interface EngineInput {
  readonly name: string;
  readonly type: InputType;
  readonly data: Float32Array | Uint16Array | Uint8Array;
  readonly dims: readonly number[];
}

/** An inference session of onnxruntime-node or onnxruntime-web. */
export interface Engine {
  readonly inputs: readonly ValueMetadata[];
  readonly outputs: readonly ValueMetadata[];
  run(
    input: EngineInput,
    outputs: readonly string[],
  ): Promise<readonly { readonly dims: readonly number[]; readonly data: unknown }[]>;
}

export interface NamedTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

export interface GraphModelOptions {
  readonly preprocessing: Preprocessing;
  readonly classCount: number;
  readonly head: Head;
  /** Set if class activations can be computed from an output of the graph. */
  readonly tail?: PoolingTail | undefined;
}

/**
 * Opens a session of the model. If the end of the graph can be read and the runtime accepts the
 * changed graph, the session also outputs the features.
 *
 * @param create creates a session of the given bytes; without bytes, of the unchanged model
 */
export async function openWithFeatures<Session>(
  model: Uint8Array,
  { output }: Pick<Head, 'output'>,
  create: (extended?: Uint8Array) => Promise<Session>,
): Promise<{ readonly session: Session; readonly tail: PoolingTail | undefined }> {
  const tail = findPoolingTail(model, output);
  const session = tail && (await create(withFeatures(model, tail)).catch(() => undefined));
  return session ? { session, tail } : { session: await create(), tail: undefined };
}

/** A loaded model. It takes 32-bit floats and returns logits, for every runtime and graph. */
export class GraphModel {
  readonly #engine: Engine;
  readonly signature: GraphSignature;
  /** The head with its output scale: declared by the folder, or found with two test pictures. */
  readonly head: Head;
  readonly #tail: PoolingTail | undefined;

  private constructor(
    engine: Engine,
    signature: GraphSignature,
    head: Head,
    tail: PoolingTail | undefined,
  ) {
    this.#engine = engine;
    this.signature = signature;
    this.head = head;
    this.#tail = tail;
  }

  /**
   * Whether the output `class_activations` can be requested. The graph has it, or it is computed
   * from the features.
   */
  get hasActivations(): boolean {
    const isOutput = this.signature.outputs.some(({ name }) => name === ACTIVATIONS_OUTPUT);
    return isOutput || this.#tail !== undefined;
  }

  /**
   * Reads the graph and runs it on two test pictures.
   *
   * @throws Error naming what does not fit, the expected and the received value
   */
  static async open(engine: Engine, options: GraphModelOptions): Promise<GraphModel> {
    const { preprocessing, classCount, head, tail } = options;
    const own = engine.outputs.filter(({ name }) => tail?.isOutput || name !== tail?.features);
    const signature = readGraph(engine.inputs, own, head.output);
    const valueCount = head.kind === 'binary' ? 1 : classCount;
    assertFits(signature, preprocessing, valueCount);
    const raw = new GraphModel(engine, signature, AS_IT_IS, tail);
    const probes = [];
    let fitsTail = head.kind !== 'binary' && tail?.classes === classCount;
    for (const picture of probePictures()) {
      const tensor = imageToTensor(picture, preprocessing);
      const outputs = [signature.logits, ...(tail ? [tail.features] : [])];
      const [output, features] = await raw.runPrepared(tensor, outputs);
      assertClassCount(output!.data.length, valueCount, output!.dims.slice(1));
      assertFinite(output!.data);
      probes.push(output!.data);
      fitsTail &&= features !== undefined && areFeaturesOf(tail!, features.dims);
    }
    return new GraphModel(
      engine,
      signature,
      triedHead(head, signature.logits, probes),
      fitsTail ? tail : undefined,
    );
  }

  /**
   * Whether a batch gives each picture the values that it gets alone. Tested only if the batch size
   * is dynamic: some graphs declare it so, but have a fixed size inside or mix the pictures of a
   * batch.
   */
  async takesBatches(preprocessing: Preprocessing): Promise<boolean> {
    if (this.signature.input.shape[0] !== -1) return false;
    const tensors = probePictures().map((picture) => imageToTensor(picture, preprocessing));
    const logitsOf = async (tensor: PreparedTensor) =>
      (await this.runPrepared(tensor, [this.signature.logits]))[0]!.data;
    const dims = [tensors.length, ...tensors[0]!.dims.slice(1)];
    const together = await logitsOf({ data: concat(tensors.map(({ data }) => data)), dims }).catch(
      () => undefined,
    );
    if (!together) return false;
    const alone = concat([await logitsOf(tensors[0]!), await logitsOf(tensors[1]!)]);
    const largest = alone.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return (
      together.length === alone.length &&
      alone.every((value, i) => Math.abs(value - together[i]!) <= BATCH_TOLERANCE * largest)
    );
  }

  /** Runs prepared pictures and gives the named outputs. */
  runPrepared(tensor: PreparedTensor, outputs: readonly string[]): Promise<NamedTensor[]> {
    const { data, dims } = layOut(tensor, this.signature.input);
    return this.run(data, dims, outputs);
  }

  /**
   * Runs values that are already in the layout of the graph's input. Gives the named outputs, in
   * that order.
   */
  async run(
    data: Float32Array,
    dims: readonly number[],
    outputs: readonly string[],
  ): Promise<NamedTensor[]> {
    const { name, type } = this.signature.input;
    const input = { name, type, data: encodeInput(type, data), dims };
    const tail = this.#tail;
    const isMade = (output: string | undefined) => output === ACTIVATIONS_OUTPUT;
    const asked = outputs.map((output) => (tail && isMade(output) ? tail.features : output));
    const results = await this.#engine.run(input, asked);
    return results.map(({ dims: outputDims, data: values }, i) => {
      const floats = decodeOutput(values);
      if (tail && isMade(outputs[i])) {
        return {
          name: ACTIVATIONS_OUTPUT,
          ...activationsOf(tail, { dims: outputDims, data: floats }),
        };
      }
      if (outputs[i] !== this.signature.logits) {
        return { name: outputs[i]!, dims: outputDims, data: floats };
      }
      const data = toLogits(floats, this.head);
      // The output itself may have no batch dimension.
      const pictures = dims[0] ?? 1;
      return { name: outputs[i], dims: [pictures, data.length / pictures], data };
    });
  }
}

/** Dynamically quantized graphs use one scale for all pictures of a batch. */
const BATCH_TOLERANCE = 0.05;

function concat(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Leaves the values as the graph outputs them. */
const AS_IT_IS: Head = { kind: 'single-label', scores: 'logits' };

/**
 * A black and a coloured picture. If the outputs for both sum to 1, that is no coincidence: they
 * are probabilities.
 */
function probePictures() {
  const side = 8;
  const black = new Uint8Array(side * side * 3);
  const coloured = black.map((_, i) => (i * 37) % 256);
  return [black, coloured].map(
    (data) => ({ data, width: side, height: side, channels: 3 }) as const,
  );
}
