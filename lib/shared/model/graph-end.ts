/** How a graph ends: what its last step makes of the scores, and what comes before it. */
import type { OnnxGraph, OnnxNode } from './onnx-file';

/** Steps in a row that change no value: exporters leave a few. */
export const MOST_STEPS = 32;

/** Of one value a class these change shape or type, and no value. */
export const RESHAPES: readonly string[] = [
  'Cast',
  'Dropout',
  'Flatten',
  'Identity',
  'Reshape',
  'Squeeze',
];

export const UNCHANGED: readonly string[] = [
  ...RESHAPES,
  'Unsqueeze',
  'QuantizeLinear',
  'DequantizeLinear',
];

/** Steps after which values are logits, by what they calculate. */
const LINEAR: readonly string[] = ['Gemm', 'MatMul', 'QGemm', 'QLinearMatMul', 'MatMulInteger'];

export const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  Softmax: 'softmax',
  QLinearSoftmax: 'softmax',
  LogSoftmax: 'log-softmax',
  Sigmoid: 'sigmoid',
  QLinearSigmoid: 'sigmoid',
};

export type Activation = 'softmax' | 'log-softmax' | 'sigmoid';

export interface GraphEnd {
  /** Undefined where the last step is none of these. */
  readonly activation: Activation | undefined;
  /** The last step is a linear layer, so that values are logits. */
  readonly isLinear: boolean;
  /** The operator of the last step, to be named. */
  readonly operator: string | undefined;
}

/** What makes the values of an output. */
export function endOf(graph: OnnxGraph, output: string): GraphEnd {
  const last = graph.nodes.get(before(graph, output, UNCHANGED));
  const operator = last?.operator;
  return {
    activation: operator === undefined ? undefined : ACTIVATIONS[operator],
    isLinear: last !== undefined && isLinear(graph, last),
    operator,
  };
}

function isLinear(graph: OnnxGraph, { operator, inputs }: OnnxNode): boolean {
  if (LINEAR.includes(operator)) return true;
  if (operator !== 'Add') return false;
  const added = inputs.filter((name) => !graph.constants.has(name));
  const multiplied = graph.nodes.get(added[0] ?? '');
  return added.length === 1 && LINEAR.includes(multiplied?.operator ?? '');
}

/** The tensor that a chain of such operators begins with. */
export function before({ nodes }: OnnxGraph, name: string, operators: readonly string[]): string {
  let at = name;
  // A graph that bites its own tail is the runtime's to refuse.
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const node = nodes.get(at);
    if (!node || !operators.includes(node.operator)) return at;
    at = node.inputs[0] ?? '';
  }
  return at;
}
