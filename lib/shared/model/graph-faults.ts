/** Finds graphs that load and run, but whose values cannot be the scores of labels. */
import { ACTIVATIONS, before, endOf, MOST_STEPS, UNCHANGED } from './graph-end';
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

/** Operators that keep only which label wins, not its score. */
const CHOICES: readonly string[] = [
  'ArgMax',
  'ArgMin',
  'Equal',
  'Greater',
  'GreaterOrEqual',
  'Hardmax',
  'Less',
  'LessOrEqual',
  'OneHot',
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
  if (operator !== undefined && CHOICES.includes(operator)) {
    throw new Error(
      `expected output "${output}" to hold scores, but the graph ends in ${operator}, which gives ` +
        'the choice of a label alone; export the scores before it',
    );
  }
  if (operator !== undefined && SIGNED.includes(operator) && !isApplied) {
    throw new Error(
      `cannot tell how output "${output}" becomes scores, because the graph ends in ${operator}, ` +
        'which gives −1 to 1; say it in config.json: function_to_apply "softmax" or "sigmoid", ' +
        'as your own framework applies it',
    );
  }
  const changed = changedScores(graph, output);
  if (changed !== undefined && !isApplied) {
    throw new Error(
      `cannot tell how output "${output}" becomes scores, because the graph ends in ` +
        `${changed.last} after ${changed.activation}; export the values of ${changed.activation}, ` +
        'or say in config.json function_to_apply "none" for scores from 0 to 1',
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

/** Steps that make one value of one, besides those between a score and its logarithm. */
const SCALINGS: readonly string[] = ['Add', 'Div', 'Mul', 'Neg', 'Pow', 'Round', 'Sqrt', 'Sub'];
const LOGARITHMS: readonly string[] = ['Exp', 'Log'];
/** Of scores that sum to 1 these make some that sum to a constant, which a trial tells. */
const FACTORS: readonly string[] = ['Div', 'Mul'];

/** Per cent, for one: what a graph makes of scores is read neither as scores nor as logits. */
function changedScores(
  graph: OnnxGraph,
  output: string,
): { readonly last: string; readonly activation: string } | undefined {
  const steps: string[] = [];
  let at = before(graph, output, UNCHANGED);
  while (steps.length < MOST_STEPS) {
    const node = graph.nodes.get(at);
    if (!node) return undefined;
    const { operator: activation } = node;
    if (activation in ACTIVATIONS) {
      const changes = steps.filter((step) => SCALINGS.includes(step));
      const isTried = activation === 'Softmax' && changes.every((step) => FACTORS.includes(step));
      return changes.length === 0 || isTried ? undefined : { last: changes[0]!, activation };
    }
    const [varying, ...others] = node.inputs.filter((name) => !graph.constants.has(name));
    const isScaling = [...SCALINGS, ...LOGARITHMS].includes(activation);
    if (!isScaling || varying === undefined || others.length > 0) return undefined;
    steps.push(activation);
    at = before(graph, varying, UNCHANGED);
  }
  return undefined;
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
