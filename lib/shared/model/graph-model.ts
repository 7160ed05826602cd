import { assertFinite } from '../vision/ranking';
import { imageToTensor } from '../vision/tensor';
import {
  assertClassCount,
  assertFits,
  readGraph,
  type GraphSignature,
  type InputType,
  type ValueMetadata,
} from './graph';
import {
  areProbabilities,
  decodeOutput,
  encodeInput,
  layOut,
  logitsOf,
  type PreparedTensor,
} from './graph-values';
import type { Preprocessing } from './preprocessing';

/** What an output is, where the model's folder declares it. */
export type Scores = 'logits' | 'probabilities';

export interface EngineInput {
  readonly name: string;
  readonly type: InputType;
  readonly data: Float32Array | Uint16Array | Uint8Array;
  readonly dims: readonly number[];
}

/** A session of either onnxruntime package. */
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
  /** Found out by trying where the folder does not say. */
  readonly scores?: Scores | undefined;
}

/**
 * A loaded model, the same in every runtime whatever its graph takes and gives: floats in, logits
 * out.
 */
export class GraphModel {
  readonly #engine: Engine;
  readonly signature: GraphSignature;
  readonly scores: Scores;

  private constructor(engine: Engine, signature: GraphSignature, scores: Scores) {
    this.#engine = engine;
    this.signature = signature;
    this.scores = scores;
  }

  /**
   * Reads the graph and tries it on two pictures.
   *
   * @throws Error saying what does not fit, what was expected and what the graph has
   */
  static async open(engine: Engine, options: GraphModelOptions): Promise<GraphModel> {
    const { preprocessing, classCount, scores } = options;
    const signature = readGraph(engine.inputs, engine.outputs);
    assertFits(signature, preprocessing, classCount);
    const raw = new GraphModel(engine, signature, 'logits');
    const probes = [];
    for (const picture of probePictures()) {
      const tensor = imageToTensor(picture, preprocessing);
      const [output] = await raw.runPrepared(tensor, [signature.logits]);
      assertClassCount(output!.data.length, classCount);
      assertFinite(output!.data);
      probes.push(output!.data);
    }
    const found = classCount > 1 && probes.every(areProbabilities) ? 'probabilities' : 'logits';
    return new GraphModel(engine, signature, scores ?? found);
  }

  /** Runs pictures that were prepared. */
  runPrepared(tensor: PreparedTensor, outputs: readonly string[]): Promise<NamedTensor[]> {
    const { data, dims } = layOut(tensor, this.signature.input);
    return this.run(data, dims, outputs);
  }

  /** Runs values in the order of the graph's input; gives the named outputs, in that order. */
  async run(
    data: Float32Array,
    dims: readonly number[],
    outputs: readonly string[],
  ): Promise<NamedTensor[]> {
    const { name, type } = this.signature.input;
    const input = { name, type, data: encodeInput(type, data), dims };
    const results = await this.#engine.run(input, outputs);
    return results.map(({ dims: outputDims, data: values }, i) => {
      const floats = decodeOutput(values);
      const isLogits = outputs[i] !== this.signature.logits || this.scores === 'logits';
      return { name: outputs[i]!, dims: outputDims, data: isLogits ? floats : logitsOf(floats) };
    });
  }
}

/** A black one and a coloured one: what adds up to 1 on both was not made by chance. */
function probePictures() {
  const side = 8;
  const black = new Uint8Array(side * side * 3);
  const coloured = black.map((_, i) => (i * 37) % 256);
  return [black, coloured].map(
    (data) => ({ data, width: side, height: side, channels: 3 }) as const,
  );
}
