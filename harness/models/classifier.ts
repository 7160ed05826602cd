import {
  ELEMENT,
  writeExternal,
  writeOnnx,
  type Dimension,
  type Element,
  type Graph,
  type Node,
  type Value,
  type Weights,
} from './onnx';

export interface ClassifierShape {
  readonly classes: number;
  readonly batch?: Dimension;
  readonly height?: Dimension;
  readonly width?: Dimension;
  readonly channels?: Dimension;
  readonly layout?: 'nchw' | 'nhwc';
  readonly type?: Element;
  readonly output?: string;
  /** Operator after the linear layer; with softmax, the output is called "probabilities". */
  readonly activation?: Activation | undefined;
  /** Whether an output of twelve values comes before the scores. */
  readonly hasEmbedding?: boolean;
  /** Ends in a map of labels to scores, like models of scikit-learn and Custom Vision. */
  readonly zipMap?: readonly string[];
  /** Name of the external weight file. */
  readonly external?: string;
  /** Whether the output has no declared shape. */
  readonly hidesSize?: boolean;
  /** Seed of the weights. */
  readonly seed?: number;
  readonly tail?: Tail;
  /** Whether red supports class 0; nothing supports the other classes. */
  readonly seesRed?: boolean;
}

/** `hidden-sigmoid` cannot be recognised in the graph, only from its values. */
export type Activation = 'Softmax' | 'LogSoftmax' | 'Sigmoid' | 'hidden-sigmoid';

/** How the features of all places become one value per class. */
export interface Tail {
  /** ReduceMean's axes are an attribute up to opset 17, and an input from opset 18. */
  readonly mean: 'GlobalAveragePool' | 'ReduceMean-13' | 'ReduceMean-18';
  readonly reshape?: 'Flatten' | 'Squeeze';
  readonly linear: 'Gemm' | 'Gemm-transposed' | 'MatMul';
  /**
   * A non-linear operator in between, after which the class activations no longer average to the
   * logits.
   */
  readonly bend?: 'Relu';
}

const USUAL_TAIL: Tail = { mean: 'GlobalAveragePool', reshape: 'Flatten', linear: 'Gemm' };

const FEATURES = 12;
const KERNEL = 7;

/** Numbers between -1 and 1; the same seed gives the same numbers (Park-Miller generator). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state / 2_147_483_647) * 2 - 1;
  };
}

/** A graph of a convolution, global average pooling and a linear layer, with random weights. */
export function classifierOnnx(shape: ClassifierShape): Buffer {
  return writeOnnx(classifierGraph(shape));
}

/** The same graph with external weights. */
export function classifierWithData(
  shape: ClassifierShape & { readonly external: string },
): ReturnType<typeof writeExternal> {
  return writeExternal(classifierGraph(shape), shape.external);
}

export function classifierGraph({
  classes,
  batch = 'batch',
  height = 'height',
  width = 'width',
  channels = 3,
  layout = 'nchw',
  type = 'float32',
  output = 'logits',
  seed = 1,
  tail = USUAL_TAIL,
  seesRed = false,
  activation = output === 'probabilities' ? 'Softmax' : undefined,
  hasEmbedding = false,
  zipMap,
  hidesSize = false,
}: ClassifierShape): Graph {
  const random = randomNumbers(seed);
  const weights = (name: string, shape: readonly number[], scale: number): Weights => ({
    name,
    shape,
    values: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random() * scale),
  });
  const nodes: Node[] = [];
  let last = 'pixel_values';
  const add = (op: string, more: readonly string[] = [], attributes: Node['attributes'] = {}) => {
    const next = `${op.toLowerCase()}_${nodes.length}`;
    nodes.push({ op, inputs: [last, ...more], output: next, attributes });
    last = next;
  };
  if (type !== 'float32') add('Cast', [], { to: ELEMENT.float32 });
  if (type === 'uint8') add('Mul', ['scale']);
  if (layout === 'nhwc') add('Transpose', [], { perm: [0, 3, 1, 2] });
  add('Conv', ['kernel', 'bias'], { kernel_shape: [KERNEL, KERNEL], strides: [4, 4] });
  add('Relu');
  if (tail.mean === 'GlobalAveragePool') add('GlobalAveragePool');
  else if (tail.mean === 'ReduceMean-18') add('ReduceMean', ['axes']);
  else add('ReduceMean', [], { axes: [2, 3] });
  if (tail.reshape === 'Squeeze') add('Squeeze', ['axes']);
  else if (tail.reshape) add('Flatten');
  if (tail.bend) add(tail.bend);
  if (hasEmbedding) nodes.push({ op: 'Identity', inputs: [last], output: 'embedding' });
  if (tail.linear === 'MatMul') {
    add('MatMul', ['matrix']);
    add('Add', ['offsets']);
  } else add('Gemm', ['matrix', 'offsets'], tail.linear === 'Gemm' ? {} : { transB: 1 });
  if (activation === 'hidden-sigmoid') {
    add('Neg');
    add('Exp');
    add('Add', ['one']);
    add('Reciprocal');
  } else if (activation === 'Sigmoid') add('Sigmoid');
  else if (activation) add(activation, [], { axis: 1 });
  if (type === 'float16') add('Cast', [], { to: ELEMENT.float16 });
  if (zipMap) {
    nodes.push({ op: 'Identity', inputs: [last], output: 'raw_scores' });
    nodes.push({
      op: 'ZipMap',
      domain: 'ai.onnx.ml',
      inputs: ['raw_scores'],
      output,
      attributes: { classlabels_strings: zipMap },
    });
  } else nodes.push({ op: 'Identity', inputs: [last], output });
  const plane: Dimension[] = [height, width];
  const scores: Value = {
    name: output,
    type: type === 'float16' ? 'float16' : 'float32',
    ...(hidesSize ? {} : { shape: [batch, classes] }),
    ...(zipMap ? { isMap: true } : {}),
  };
  return {
    inputs: [
      {
        name: 'pixel_values',
        type,
        shape: layout === 'nchw' ? [batch, channels, ...plane] : [batch, ...plane, channels],
      },
    ],
    outputs: [
      ...(hasEmbedding
        ? [{ name: 'embedding', type: 'float32', shape: [batch, FEATURES] } as const]
        : []),
      scores,
    ],
    nodes,
    weights: [
      ...(type === 'uint8'
        ? [{ name: 'scale', shape: [1], values: Float32Array.of(1 / 255) }]
        : []),
      ...(activation === 'hidden-sigmoid'
        ? [{ name: 'one', shape: [1], values: Float32Array.of(1) }]
        : []),
      ...(tail.mean === 'ReduceMean-18' || tail.reshape === 'Squeeze'
        ? [{ name: 'axes', shape: [2], values: BigInt64Array.of(2n, 3n) }]
        : []),
      ...(seesRed
        ? redWeights(classes)
        : [
            weights(
              'kernel',
              [FEATURES, typeof channels === 'number' ? channels : 3, KERNEL, KERNEL],
              0.5,
            ),
            weights('bias', [FEATURES], 0.5),
            weights(
              'matrix',
              tail.linear === 'Gemm-transposed' ? [classes, FEATURES] : [FEATURES, classes],
              2,
            ),
            weights('offsets', [classes], 0.5),
          ]),
    ],
    opset: tail.mean === 'ReduceMean-18' ? 18 : 17,
  };
}

/**
 * One feature (how much redder a place is than green and blue) that counts for the first class
 * only.
 */
function redWeights(classes: number): Weights[] {
  const plane = KERNEL * KERNEL;
  const kernel = [1, -0.5, -0.5].flatMap((share) => Array<number>(plane).fill(share / plane));
  const matrix = new Float32Array(classes);
  matrix[0] = 5;
  return [
    { name: 'kernel', shape: [1, 3, KERNEL, KERNEL], values: Float32Array.from(kernel) },
    { name: 'bias', shape: [1], values: new Float32Array(1) },
    { name: 'matrix', shape: [1, classes], values: matrix },
    { name: 'offsets', shape: [classes], values: new Float32Array(classes) },
  ];
}
