import { ELEMENT, writeOnnx, type Dimension, type Element, type Node, type Weights } from './onnx';

export interface ClassifierShape {
  readonly classes: number;
  readonly batch?: Dimension;
  readonly height?: Dimension;
  readonly width?: Dimension;
  readonly channels?: Dimension;
  readonly layout?: 'nchw' | 'nhwc';
  readonly type?: Element;
  readonly output?: 'logits' | 'probabilities';
  /** Another seed, other weights. */
  readonly seed?: number;
}

const FEATURES = 12;
const KERNEL = 7;

/** Numbers between -1 and 1, the same for the same seed (Park and Miller's generator). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state / 2_147_483_647) * 2 - 1;
  };
}

/** A convolution, the mean of each feature and a matrix, with random weights. */
export function classifierOnnx({
  classes,
  batch = 'batch',
  height = 'height',
  width = 'width',
  channels = 3,
  layout = 'nchw',
  type = 'float32',
  output = 'logits',
  seed = 1,
}: ClassifierShape): Buffer {
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
  add('GlobalAveragePool');
  add('Flatten');
  add('Gemm', ['matrix', 'offsets']);
  if (output === 'probabilities') add('Softmax', [], { axis: 1 });
  if (type === 'float16') add('Cast', [], { to: ELEMENT.float16 });
  nodes.push({ op: 'Identity', inputs: [last], output });
  const plane: Dimension[] = [height, width];
  return writeOnnx({
    inputs: [
      {
        name: 'pixel_values',
        type,
        shape: layout === 'nchw' ? [batch, channels, ...plane] : [batch, ...plane, channels],
      },
    ],
    outputs: [
      { name: output, type: type === 'float16' ? 'float16' : 'float32', shape: [batch, classes] },
    ],
    nodes,
    weights: [
      ...(type === 'uint8'
        ? [{ name: 'scale', shape: [1], values: Float32Array.of(1 / 255) }]
        : []),
      weights(
        'kernel',
        [FEATURES, typeof channels === 'number' ? channels : 3, KERNEL, KERNEL],
        0.5,
      ),
      weights('bias', [FEATURES], 0.5),
      weights('matrix', [FEATURES, classes], 2),
      weights('offsets', [classes], 0.5),
    ],
  });
}
