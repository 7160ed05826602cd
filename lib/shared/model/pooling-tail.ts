/**
 * Class activations for graphs that do not output them. If a graph averages features over all
 * places and one linear layer turns the mean into classes, then the same layer applied at each
 * place gives the class activations (Zhou et al. 2016, https://arxiv.org/abs/1512.04150).
 */
import { ACTIVATIONS_OUTPUT } from './activations';
import { before, RESHAPES } from './graph-end';
import { decodeOutput } from './graph-values';
import { withOutput } from './onnx-edit';
import {
  externalFiles,
  readOnnx,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
} from './onnx-file';

export interface PoolingTail {
  /** Name of the tensor that is averaged: [pictures, channels, height, width]. */
  readonly features: string;
  /** Whether the graph already outputs that tensor. */
  readonly isOutput: boolean;
  readonly classes: number;
  /** [classes, channels] */
  readonly weights: Float32Array;
}

const FLOAT32 = 1;
const FLOAT16 = 10;

const AFTER_CLASSES: readonly string[] = [...RESHAPES, 'Softmax', 'LogSoftmax', 'Sigmoid'];

/**
 * Finds global average pooling followed by one linear layer.
 *
 * @param scores name of the output with one value per class; default: "logits", else the first
 *   output
 * @returns undefined if the graph already outputs class activations, ends in another way, or the
 *   file is not a model
 */
export function findPoolingTail(model: Uint8Array, scores?: string): PoolingTail | undefined {
  try {
    const { graph } = readOnnx(model);
    const outputs = graph.outputs.map(({ name }) => name);
    // The bytes alone do not include weights in external files.
    const isWhole = externalFiles(graph).length === 0;
    return isWhole && !outputs.includes(ACTIVATIONS_OUTPUT)
      ? tailOf(graph, outputs, scores)
      : undefined;
  } catch (error) {
    // For a file that is not a model, the runtime reports the error later.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The model with the features as one more output. The given bytes stay unchanged. */
export function withFeatures(model: Uint8Array, { features, isOutput }: PoolingTail): Uint8Array {
  return isOutput ? model : withOutput(model, features);
}

/**
 * Whether `dims` is [pictures, channels, height, width] with the number of channels that the
 * weights have.
 */
export function areFeaturesOf({ weights, classes }: PoolingTail, dims: readonly number[]): boolean {
  return dims.length === 4 && dims[1] === weights.length / classes;
}

/**
 * Class activations [pictures, classes, height, width]. Their mean over all places, plus the bias,
 * is the logit.
 */
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

function tailOf(
  graph: OnnxGraph,
  outputs: readonly string[],
  scores = outputs.includes('logits') ? 'logits' : outputs[0],
): PoolingTail | undefined {
  const layer =
    scores === undefined ? undefined : linearLayer(graph, before(graph, scores, AFTER_CLASSES));
  if (!layer) return undefined;
  const pooling = graph.nodes.get(before(graph, layer.input, RESHAPES));
  const features = pooling && isMeanOfPlaces(graph, pooling) ? pooling.inputs[0] : undefined;
  if (features === undefined) return undefined;
  const { classes, weights } = layer;
  return { features, isOutput: outputs.includes(features), classes, weights };
}

interface LinearLayer {
  readonly input: string;
  readonly classes: number;
  readonly weights: Float32Array;
}

function linearLayer(graph: OnnxGraph, output: string): LinearLayer | undefined {
  const last = graph.nodes.get(output);
  const multiplied =
    last?.operator === 'Add'
      ? last.inputs.map((name) => graph.nodes.get(name)).find((node) => node?.operator === 'MatMul')
      : last;
  if (!multiplied || !['Gemm', 'MatMul'].includes(multiplied.operator)) return undefined;
  const { attributes, inputs } = multiplied;
  // Both attributes are rare and not supported here.
  if ((attributes.get('alpha')?.float ?? 1) !== 1) return undefined;
  if (attributes.get('transA')?.integer === 1) return undefined;
  // The added value must be the bias. A second branch would be evidence that the activations miss.
  const added =
    multiplied === last
      ? inputs.slice(2)
      : last!.inputs.filter((name) => graph.nodes.get(name) !== multiplied);
  if (!added.every((name) => name === '' || graph.constants.has(name))) return undefined;
  const [input = '', matrix = ''] = inputs;
  const tensor = graph.constants.get(matrix);
  const [rows = 0, columns = 0, ...more] = tensor?.dims ?? [];
  const values = tensor && floatsOf(tensor);
  if (values?.length !== rows * columns || rows === 0 || more.length > 0) return undefined;
  return attributes.get('transB')?.integer === 1
    ? { input, classes: rows, weights: values }
    : { input, classes: columns, weights: transposed(values, rows, columns) };
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}

/** Whether a node averages [pictures, channels, height, width] over the last two dimensions. */
function isMeanOfPlaces(
  { constants }: OnnxGraph,
  { operator, inputs, attributes }: OnnxNode,
): boolean {
  if (operator === 'GlobalAveragePool') return true;
  if (operator !== 'ReduceMean') return false;
  const tensor = constants.get(inputs[1] ?? '');
  const axes = tensor ? int64sOf(tensor) : (attributes.get('axes')?.integers ?? []);
  const fromFront = axes.map((axis) => (axis < 0 ? axis + 4 : axis)).sort();
  return fromFront.join() === '2,3';
}

/**
 * Values of a tensor of 32-bit or 16-bit floats; undefined for other types, which are quantized.
 */
function floatsOf({ type, raw }: OnnxTensor): Float32Array | undefined {
  // Copied, because the values may not start at a multiple of their size.
  const buffer = raw && new Uint8Array(raw).buffer;
  if (buffer && type === FLOAT32) return new Float32Array(buffer);
  if (buffer && type === FLOAT16) return decodeOutput(new Uint16Array(buffer));
  return undefined;
}

function int64sOf({ raw, int64s }: OnnxTensor): number[] {
  if (!raw) return int64s;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Array.from({ length: raw.length / 8 }, (_, i) => Number(view.getBigInt64(i * 8, true)));
}
