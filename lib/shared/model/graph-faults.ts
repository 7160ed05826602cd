/** Finds graphs that load and run, but whose values cannot be the scores of labels. */
import { endOf } from './graph-end';
import type { OnnxGraph, OnnxNode } from './onnx-file';

/** Operators that draw random numbers: each run gives other results. */
const RANDOM: readonly string[] = [
  'Bernoulli',
  'Multinomial',
  'RandomNormal',
  'RandomNormalLike',
  'RandomUniform',
  'RandomUniformLike',
];

/** Operators with values on both sides of 0 and a bound: neither logits nor scores. */
const SIGNED: readonly string[] = ['Erf', 'Softsign', 'Tanh'];

/**
 * Refuses graphs whose scores would be wrong.
 *
 * @param output the output that is read as scores
 * @param isApplied whether config.json says which function turns the values into scores
 * @throws Error that names the operator and says what to do instead
 */
export function assertScores(graph: OnnxGraph, output: string, isApplied: boolean): void {
  const { operator } = endOf(graph, output);
  if (operator === 'TopK') {
    throw new Error(
      `expected output "${output}" to have one value a label, in the order of the labels, but the ` +
        'graph ends in TopK, which sorts them by size; export the values before it',
    );
  }
  if (operator !== undefined && SIGNED.includes(operator) && !isApplied) {
    throw new Error(
      `cannot tell how output "${output}" becomes scores, because the graph ends in ${operator}, ` +
        'which gives −1 to 1; say it in config.json: function_to_apply "softmax" or "sigmoid", ' +
        'as your own framework applies it',
    );
  }
  for (const node of nodesBehind(graph, output)) {
    const because = variesBy(graph, node);
    if (because === undefined) continue;
    throw new Error(
      `expected a graph that gives a picture the same answer each time, but ${because}; ` +
        'export it for inference, in PyTorch after model.eval()',
    );
  }
}

function variesBy(graph: OnnxGraph, node: OnnxNode): string | undefined {
  const { operator, inputs, outputs, attributes } = node;
  if (RANDOM.includes(operator)) return `it draws random numbers (${operator})`;
  const mode = graph.constants.get(inputs[2] ?? '');
  if (operator === 'Dropout' && mode?.raw?.[0] === 1) return 'its Dropout is that of training';
  const isTraining =
    attributes.get('training_mode')?.integer === 1 || outputs.filter(Boolean).length > 1;
  return operator === 'BatchNormalization' && isTraining
    ? 'its BatchNormalization is that of training, which mixes the pictures of a batch'
    : undefined;
}

/** Every node that an output depends on. */
function* nodesBehind({ nodes }: OnnxGraph, output: string): Generator<OnnxNode> {
  const seen = new Set<OnnxNode>();
  const open = [output];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const node = nodes.get(name);
    if (!node || seen.has(node)) continue;
    seen.add(node);
    open.push(...node.inputs);
    yield node;
  }
}
