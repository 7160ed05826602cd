/**
 * Shrinks an ONNX file by storing its weights in fewer bits. Nodes at the start of the graph
 * convert them back to 32-bit floats. Runtimes evaluate these nodes once, when they load the model,
 * so only the file gets smaller and inference is as fast as before.
 */
import { bytesField, contentsOf, fieldsOf, textsOf, type Field } from './message';
import { castToFloat, GRAPH, MODEL, NODE, node } from './onnx';
import { toHalves, toInt8 } from './quantize';
import {
  floatsOf,
  readTensor,
  rewriteTensor,
  TYPE,
  writeTensor,
  type WeightTensor,
} from './tensor';

/** For a tensor with fewer values, the nodes take more bytes than are saved. */
const FEWEST_VALUES = 256;
/**
 * This share of all weights, counted from the smallest tensors, stays at 16 bits. These tensors are
 * in the first layers: they affect the answer most and take few bytes.
 */
const KEPT_SHARE = 0.1;
const LINEAR: readonly string[] = ['Conv', 'Gemm', 'MatMul'];

export type Bits = 16 | 8;

export interface Shrunk {
  readonly model: Uint8Array;
  /** Number of changed tensors. */
  readonly changed: number;
}

/** A weight in fewer bits: the tensors that store it, and the nodes that restore it. */
interface Replacement {
  readonly tensors: readonly Uint8Array[];
  readonly nodes: readonly Uint8Array[];
}

interface Weight {
  readonly tensor: WeightTensor;
  readonly values: Float32Array<ArrayBuffer>;
}

/**
 * Stores the weights of a model in fewer bits.
 *
 * @param bits 16: half-precision floats. 8: integers with a scale per block, but 16-bit floats for
 *   the smallest tensors and for the last layer, which explanations read
 * @throws Error if weights are in an external file, or the bytes are not an ONNX file
 */
export function shrinkModel(bytes: Uint8Array, bits: Bits): Shrunk {
  let changed = 0;
  const parts = fieldsOf(bytes).map((field) => {
    if (field.number !== MODEL.graph) return field.bytes;
    const fields = fieldsOf(field.content);
    const replacements = replaceWeights(fields, bits);
    changed += replacements.size;
    return bytesField(MODEL.graph, writeGraph(fields, replacements));
  });
  return { model: Buffer.concat(parts), changed };
}

function writeGraph(
  fields: readonly Field[],
  replacements: ReadonlyMap<Field, Replacement>,
): Uint8Array {
  const write = (number: number, contents: readonly Uint8Array[]) =>
    Buffer.concat(contents.map((content) => bytesField(number, content)));
  const all = [...replacements.values()];
  // Nodes must be in the order in which they run.
  const made = write(
    GRAPH.node,
    all.flatMap(({ nodes }) => nodes),
  );
  const parts = fields.map((field) => {
    const replacement = replacements.get(field);
    return replacement ? write(GRAPH.initializer, replacement.tensors) : field.bytes;
  });
  return Buffer.concat([made, ...parts]);
}

function replaceWeights(fields: readonly Field[], bits: Bits): Map<Field, Replacement> {
  const weights = weightsOf(fields);
  const kept = bits === 8 ? keptAtHalf(fields, [...weights.values()]) : undefined;
  const replacements = new Map<Field, Replacement>();
  for (const [field, weight] of weights) {
    const isHalf = kept === undefined || kept.has(weight.tensor.name);
    const replacement = isHalf ? asHalves(weight) : asInt8(weight);
    if (replacement) replacements.set(field, replacement);
  }
  return replacements;
}

/**
 * The weights that may be shrunk. Tensors with one dimension (means, variances, biases) are small
 * and need their precision.
 */
function weightsOf(fields: readonly Field[]): Map<Field, Weight> {
  const fixed = publicNames(fields);
  const weights = new Map<Field, Weight>();
  for (const field of fields.filter(({ number }) => number === GRAPH.initializer)) {
    const tensor = readTensor(field.content);
    if (tensor.isElsewhere) {
      throw new Error(`expected weights in the file itself, but "${tensor.name}" lies beside it`);
    }
    const isMatrix = tensor.type === TYPE.float32 && tensor.dims.length >= 2;
    const values = isMatrix && !fixed.has(tensor.name) ? floatsOf(tensor) : undefined;
    if (!values || values.length < FEWEST_VALUES || !values.every(Number.isFinite)) continue;
    weights.set(field, { tensor, values });
  }
  return weights;
}

/** A weight that is also an input or output must keep its type, because callers know it. */
function publicNames(fields: readonly Field[]): Set<string> {
  const values = [...contentsOf(fields, GRAPH.input), ...contentsOf(fields, GRAPH.output)];
  return new Set(values.flatMap((value) => textsOf(fieldsOf(value), 1)));
}

function keptAtHalf(fields: readonly Field[], weights: readonly Weight[]): Set<string> {
  const total = weights.reduce((sum, { values }) => sum + values.length, 0);
  const kept = new Set(lastLayer(fields));
  let count = 0;
  for (const { tensor, values } of weights.toSorted((a, b) => a.values.length - b.values.length)) {
    count += values.length;
    if (count > total * KEPT_SHARE) break;
    kept.add(tensor.name);
  }
  return kept;
}

/** Names of the inputs of the last layer with weights. */
function lastLayer(fields: readonly Field[]): string[] {
  const nodes = contentsOf(fields, GRAPH.node).map(fieldsOf);
  const last = nodes.findLast((parts) => LINEAR.includes(textsOf(parts, NODE.operator)[0] ?? ''));
  return last ? textsOf(last, NODE.input) : [];
}

function asHalves({ tensor, values }: Weight): Replacement | undefined {
  const raw = toHalves(values);
  if (!raw) return undefined;
  const { name } = tensor;
  const stored = `${name}/float16`;
  return {
    tensors: [rewriteTensor(tensor, { name: stored, type: TYPE.float16, raw })],
    nodes: [castToFloat(stored, name)],
  };
}

function asInt8({ tensor, values: weights }: Weight): Replacement | undefined {
  const { name, dims } = tensor;
  const channel = dims.slice(1).reduce((product, size) => product * size, 1);
  const { length, values, scales } = toInt8(weights, channel);
  const halves = toHalves(scales);
  if (!halves) return undefined;
  const part = (label: string) => `${name}/${label}`;
  const { int8, float16, int64 } = TYPE;
  const raw = new Uint8Array(values.buffer);
  return {
    tensors: [
      writeTensor([scales.length, length], { name: part('int8'), type: int8, raw }),
      writeTensor([scales.length, 1], { name: part('scales'), type: float16, raw: halves }),
      writeTensor([dims.length], { name: part('shape'), type: int64, raw: int64s(dims) }),
    ],
    nodes: [
      castToFloat(part('int8'), part('values')),
      castToFloat(part('scales'), part('factors')),
      node('Mul', [part('values'), part('factors')], part('blocks')),
      node('Reshape', [part('blocks'), part('shape')], name),
    ],
  };
}

function int64s(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 8));
  values.forEach((value, i) => view.setBigInt64(i * 8, BigInt(value), true));
  return new Uint8Array(view.buffer);
}
