/**
 * Class activations of graphs that do not output them: where features are averaged over the places
 * and one linear layer makes the classes of that, the same layer at each place gives the class
 * activations (Zhou et al. 2016, https://arxiv.org/abs/1512.04150).
 */
import { ACTIVATIONS_OUTPUT } from '../vision/uncertainty';
import { decodeOutput } from './graph-values';
import {
  bytesOf,
  concatenated,
  fieldBytes,
  messagesOf,
  numbersOf,
  readMessage,
  textsOf,
  type Message,
} from './protobuf';

export interface PoolingTail {
  /** What is averaged: [pictures, channels, height, width]. */
  readonly features: string;
  /** Whether the graph has that as an output of its own accord. */
  readonly isOutput: boolean;
  readonly classes: number;
  /** [classes, channels] */
  readonly weights: Float32Array;
}

/** Numbers of fields, as onnx.proto has them. */
const MODEL = { graph: 7 } as const;
const GRAPH = { node: 1, initializer: 5, output: 12 } as const;
const NODE = { input: 1, output: 2, operator: 4, attribute: 5 } as const;
const ATTRIBUTE = { name: 1, float: 2, integer: 3, tensor: 5, integers: 8 } as const;
const TENSOR = { dims: 1, type: 2, int64s: 7, name: 8, raw: 9, location: 14 } as const;
const VALUE = { name: 1 } as const;

const FLOAT32 = 1;
const FLOAT16 = 10;

/** Operators in a row that change nothing: exporters leave a few. */
const MOST_STEPS = 32;

/** Of one vector a picture these change shape or type, and no value. */
const RESHAPES: readonly string[] = [
  'Cast',
  'Dropout',
  'Flatten',
  'Identity',
  'Reshape',
  'Squeeze',
];
const AFTER_CLASSES: readonly string[] = [...RESHAPES, 'Softmax', 'LogSoftmax'];

interface Node {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Message>;
}

interface Graph {
  readonly outputs: readonly string[];
  /** By the name of what they give. */
  readonly nodes: ReadonlyMap<string, Node>;
  readonly constants: ReadonlyMap<string, Message>;
}

/** @returns undefined where the graph has class activations itself, ends otherwise, or is none */
export function findPoolingTail(model: Uint8Array): PoolingTail | undefined {
  try {
    const graph = readGraphOf(model);
    return graph && !graph.outputs.includes(ACTIVATIONS_OUTPUT) ? tailOf(graph) : undefined;
  } catch (error) {
    // The runtime says what is wrong with a file that is no model.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The model with the features as one more output; the file that it came from stays as it is. */
export function withFeatures(model: Uint8Array, { features, isOutput }: PoolingTail): Uint8Array {
  if (isOutput) return model;
  const value = fieldBytes(
    VALUE.name,
    Uint8Array.from(features, (character) => character.charCodeAt(0)),
  );
  // Two fields of one message are read as one message with the values of both.
  return concatenated(model, fieldBytes(MODEL.graph, fieldBytes(GRAPH.output, value)));
}

/** Whether what came is [pictures, channels, height, width], of as many channels as are weighed. */
export function areFeaturesOf({ weights, classes }: PoolingTail, dims: readonly number[]): boolean {
  return dims.length === 4 && dims[1] === weights.length / classes;
}

/** [pictures, classes, height, width]; the mean over the places and the bias make the logit. */
export function activationsOf(
  tail: PoolingTail,
  { data, dims }: { readonly data: Float32Array; readonly dims: readonly number[] },
): { dims: number[]; data: Float32Array<ArrayBuffer> } {
  const { weights, classes } = tail;
  const [pictures = 0, channels = 0, height = 0, width = 0] = dims;
  if (!areFeaturesOf(tail, dims)) {
    throw new RangeError(
      `expected features of ${weights.length / classes} channels, received [${dims.join(', ')}]`,
    );
  }
  const places = height * width;
  const activations = new Float32Array(pictures * classes * places);
  for (let row = 0; row < pictures * classes; row++) {
    const [picture, index] = [Math.floor(row / classes), row % classes];
    for (let channel = 0; channel < channels; channel++) {
      const weight = weights[index * channels + channel]!;
      const from = (picture * channels + channel) * places;
      for (let place = 0; place < places; place++) {
        activations[row * places + place]! += weight * data[from + place]!;
      }
    }
  }
  return { dims: [pictures, classes, height, width], data: activations };
}

/** @returns undefined where weights lie in files of their own, which bytes do not lead to */
function readGraphOf(model: Uint8Array): Graph | undefined {
  const graphs = messagesOf(readMessage(model), MODEL.graph);
  const all = (field: number) => graphs.flatMap((graph) => messagesOf(graph, field));
  const tensors = all(GRAPH.initializer);
  if (tensors.some((tensor) => numbersOf(tensor, TENSOR.location).includes(1))) return undefined;
  const constants = new Map(
    tensors.map((tensor) => [textsOf(tensor, TENSOR.name)[0] ?? '', tensor]),
  );
  const nodes = new Map<string, Node>();
  for (const message of all(GRAPH.node)) {
    const node = readNode(message);
    const [tensor] = messagesOf(node.attributes.get('value') ?? NOTHING, ATTRIBUTE.tensor);
    for (const name of textsOf(message, NODE.output)) {
      if (node.operator === 'Constant' && tensor) constants.set(name, tensor);
      else nodes.set(name, node);
    }
  }
  const outputs = all(GRAPH.output).flatMap((value) => textsOf(value, VALUE.name));
  return { outputs, nodes, constants };
}

const NOTHING: Message = new Map();

function readNode(message: Message): Node {
  const attributes = messagesOf(message, NODE.attribute).map(
    (attribute) => [textsOf(attribute, ATTRIBUTE.name)[0] ?? '', attribute] as const,
  );
  return {
    operator: textsOf(message, NODE.operator)[0] ?? '',
    inputs: textsOf(message, NODE.input),
    attributes: new Map(attributes),
  };
}

function tailOf(graph: Graph): PoolingTail | undefined {
  const logits = graph.outputs.includes('logits') ? 'logits' : graph.outputs[0];
  const layer =
    logits === undefined ? undefined : linearLayer(graph, before(graph, logits, AFTER_CLASSES));
  if (!layer) return undefined;
  const pooling = graph.nodes.get(before(graph, layer.input, RESHAPES));
  const features = pooling && isMeanOfPlaces(graph, pooling) ? pooling.inputs[0] : undefined;
  // The runtime would have to be asked for other characters by their own names.
  if (features === undefined || !/^[\x20-\x7e]+$/.test(features)) return undefined;
  const { classes, weights } = layer;
  return { features, isOutput: graph.outputs.includes(features), classes, weights };
}

/** The tensor that a chain of such operators begins with. */
function before({ nodes }: Graph, name: string, operators: readonly string[]): string {
  let at = name;
  // A graph that bites its own tail is the runtime's to refuse.
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const node = nodes.get(at);
    if (!node || !operators.includes(node.operator)) return at;
    at = node.inputs[0] ?? '';
  }
  return at;
}

interface LinearLayer {
  readonly input: string;
  readonly classes: number;
  readonly weights: Float32Array;
}

function linearLayer(graph: Graph, output: string): LinearLayer | undefined {
  const last = graph.nodes.get(output);
  const multiplied =
    last?.operator === 'Add'
      ? last.inputs.map((name) => graph.nodes.get(name)).find((node) => node?.operator === 'MatMul')
      : last;
  if (!multiplied || !['Gemm', 'MatMul'].includes(multiplied.operator)) return undefined;
  const { attributes, inputs } = multiplied;
  // Both are rare, and would have to be reckoned with.
  if (attributes.has('alpha') && !isOne(attributes.get('alpha')!)) return undefined;
  if (integerOf(attributes.get('transA')) === 1) return undefined;
  // What is added must be the bias: a second branch would be evidence that is not seen here.
  const added =
    multiplied === last
      ? inputs.slice(2)
      : last!.inputs.filter((name) => graph.nodes.get(name) !== multiplied);
  if (!added.every((name) => name === '' || graph.constants.has(name))) return undefined;
  const [input = '', matrix = ''] = inputs;
  const tensor = graph.constants.get(matrix);
  const [rows = 0, columns = 0, ...more] = tensor ? numbersOf(tensor, TENSOR.dims) : [];
  const values = tensor && floatsOf(tensor);
  if (values?.length !== rows * columns || rows === 0 || more.length > 0) return undefined;
  const isByClass = integerOf(attributes.get('transB')) === 1;
  return isByClass
    ? { input, classes: rows, weights: values }
    : { input, classes: columns, weights: transposed(values, rows, columns) };
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}

/** Of [pictures, channels, height, width] the mean over the last two. */
function isMeanOfPlaces({ constants }: Graph, { operator, inputs, attributes }: Node): boolean {
  if (operator === 'GlobalAveragePool') return true;
  if (operator !== 'ReduceMean') return false;
  const tensor = constants.get(inputs[1] ?? '');
  const axes = tensor
    ? int64sOf(tensor)
    : numbersOf(attributes.get('axes') ?? NOTHING, ATTRIBUTE.integers);
  const fromFront = axes.map((axis) => (axis < 0 ? axis + 4 : axis)).sort();
  return fromFront.join() === '2,3';
}

function integerOf(attribute: Message | undefined): number {
  return numbersOf(attribute ?? NOTHING, ATTRIBUTE.integer)[0] ?? 0;
}

function isOne(attribute: Message): boolean {
  const [bytes] = bytesOf(attribute, ATTRIBUTE.float);
  return bytes !== undefined && viewOf(bytes).getFloat32(0, true) === 1;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Of 32 or 16 bits; other kinds are quantized. */
function floatsOf(tensor: Message): Float32Array | undefined {
  const [type] = numbersOf(tensor, TENSOR.type);
  const [raw] = bytesOf(tensor, TENSOR.raw);
  // Copied: values need not begin at a multiple of their size.
  const buffer = raw && new Uint8Array(raw).buffer;
  if (buffer && type === FLOAT32) return new Float32Array(buffer);
  if (buffer && type === FLOAT16) return decodeOutput(new Uint16Array(buffer));
  return undefined;
}

function int64sOf(tensor: Message): number[] {
  const [raw] = bytesOf(tensor, TENSOR.raw);
  if (!raw) return numbersOf(tensor, TENSOR.int64s);
  const view = viewOf(raw);
  return Array.from({ length: raw.length / 8 }, (_, i) => Number(view.getBigInt64(i * 8, true)));
}
