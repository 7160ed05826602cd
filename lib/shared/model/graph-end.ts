/** Finds how a graph ends: the function that makes its scores, and the step before it. */
import type { OnnxGraph, OnnxNode } from './onnx-file';

/** Exporters leave a few steps in a row that change no value; more than this is not searched. */
export const MOST_STEPS = 32;

/** For an output with one value per class, these steps change shape or type but no value. */
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

/** Linear operators: their results are logits. */
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
  /** Undefined if the last step is not a known activation. */
  readonly activation: Activation | undefined;
  /** Whether the last step is a linear layer, so that the values are logits. */
  readonly isLinear: boolean;
  /** Operator of the last step, for error messages. */
  readonly operator: string | undefined;
}

/** Describes the step that computes an output. */
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

/** Follows a chain of the given operators back to the tensor that it starts from. */
export function before({ nodes }: OnnxGraph, name: string, operators: readonly string[]): string {
  let at = name;
  // Bounded, because a broken graph may contain a cycle; the runtime refuses it later.
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const node = nodes.get(at);
    if (!node || !operators.includes(node.operator)) return at;
    at = node.inputs[0] ?? '';
  }
  return at;
}
