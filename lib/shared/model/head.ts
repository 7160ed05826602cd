/**
 * What a model's outputs mean. The head is read from the graph and from config.json, never assumed.
 * If the two disagree, the model folder is refused.
 */
import * as z from 'zod/mini';
import { ACTIVATIONS_OUTPUT } from './activations';
import { endOf, type GraphEnd } from './graph-end';
import { assertScores } from './graph-faults';
import type { HeadConfig } from './head-config';
import type { OnnxGraph, OnnxValue } from './onnx-file';
import { adviceOnSize, ONLY_CLASSIFIERS } from './output-size';

/**
 * `single-label`: classes exclude each other; scores sum to 1.
 * `multi-label`: each label has a score of its own.
 * `binary`: one output, the score of one of two labels; the other label gets 1 − score.
 */
export const HEADS = ['single-label', 'multi-label', 'binary'] as const;
export type HeadKind = (typeof HEADS)[number];

/** What the values of a graph's output are. */
export const OUTPUT_SCALES = ['logits', 'probabilities', 'log-probabilities'] as const;
export type OutputScale = (typeof OUTPUT_SCALES)[number];

export const headSchema = z.object({
  kind: z.enum(HEADS),
  /**
   * If neither graph nor config tells the scale, it is found with two test pictures when the model
   * is loaded.
   */
  scores: z.optional(z.enum(OUTPUT_SCALES)),
  /** Name of the output that holds the scores. */
  output: z.optional(z.string()),
  /** For a binary head: index of the label that the output scores. */
  positive: z.optional(z.int().check(z.minimum(0), z.maximum(1))),
  /** For a multi-label head: labels with at least this score are selected. */
  threshold: z.optional(z.number().check(z.minimum(0), z.maximum(1))),
});

export type Head = z.infer<typeof headSchema>;

/** The head of answers from versions that knew no other. */
export const SINGLE_LABEL: Head = { kind: 'single-label' };

const DEFAULT_THRESHOLD = 0.5;

/** FLOAT, FLOAT16, DOUBLE, BFLOAT16 of TensorProto.DataType. */
const FLOAT_TYPES: readonly number[] = [1, 10, 11, 16];

/**
 * Decides the head from graph and config.
 *
 * @param labels number of labels in the model folder
 * @throws Error that says what is not supported, or what graph and config disagree about
 */
export function decideHead(graph: OnnxGraph, config: HeadConfig, labels: number): Head {
  if (config.problemType === 'regression') {
    throw new Error(
      'problem_type is "regression": its output is a quantity and no score of a label, ' +
        'and only classifiers are served',
    );
  }
  if (labels === 1) {
    throw new Error(
      'expected at least two labels, because the score of a single one says nothing; ' +
        'name both what the output speaks for and what it speaks against, as "fake" and "real"',
    );
  }
  const output = chooseOutput(graph, config.output, labels);
  assertScores(graph, output.name, config.applied !== undefined);
  const end = endOf(graph, output.name);
  const isBinary = labels === 2 && (sizeOf(output) === 1 || isOneEach(graph, output));
  return { ...(isBinary ? binary(end, config) : several(end, config)), output: output.name };
}

function binary(end: GraphEnd, { problemType, applied, positive }: HeadConfig): Head {
  const against = [
    end.activation === 'softmax' || end.activation === 'log-softmax'
      ? `the graph ends in ${end.operator}, which is always the same for one output`
      : undefined,
    end.operator === 'ReduceMax'
      ? 'the graph ends in ReduceMax, which is the score of the better label, whichever that is'
      : undefined,
    problemType === 'multi_label_classification' ? saysProblem(problemType) : undefined,
    applied === 'softmax' ? saysApplied(applied) : undefined,
  ].find((text) => text !== undefined);
  if (against !== undefined) {
    throw new Error(`the graph has one output for two labels, but ${against}`);
  }
  assertApplied(end, applied);
  return { kind: 'binary', positive: positive ?? 1, ...scaleOf(end, applied, 'sigmoid') };
}

function several(end: GraphEnd, { problemType, applied, threshold }: HeadConfig): Head {
  const votes: { isIndependent: boolean; because: string }[] = [];
  if (end.activation) {
    const because = `the graph ends in ${end.operator}`;
    votes.push({ isIndependent: end.activation === 'sigmoid', because });
  }
  if (problemType !== undefined) {
    const isIndependent = problemType === 'multi_label_classification';
    votes.push({ isIndependent, because: saysProblem(problemType) });
  }
  if (applied === 'softmax' || applied === 'sigmoid') {
    votes.push({ isIndependent: applied === 'sigmoid', because: saysApplied(applied) });
  }
  const independent = votes.find(({ isIndependent }) => isIndependent);
  const exclusive = votes.find(({ isIndependent }) => !isIndependent);
  if (independent && exclusive) {
    throw new Error(
      `expected classes that exclude each other or labels by themselves, ` +
        `but ${exclusive.because} and ${independent.because}`,
    );
  }
  assertApplied(end, applied);
  return independent
    ? {
        kind: 'multi-label',
        threshold: threshold ?? DEFAULT_THRESHOLD,
        ...scaleOf(end, applied, 'sigmoid'),
      }
    : { kind: 'single-label', ...scaleOf(end, applied, 'softmax') };
}

/** Refuses "none" for a graph that ends in a linear layer: then nobody applies a function. */
function assertApplied({ isLinear, operator }: GraphEnd, applied: HeadConfig['applied']): void {
  if (!isLinear || applied !== 'none') return;
  throw new Error(
    `expected scores from 0 to 1, but ${saysApplied('none')} ` +
      `and the graph ends in ${operator}, which gives logits`,
  );
}

function scaleOf(
  { activation, isLinear }: GraphEnd,
  applied: HeadConfig['applied'],
  own: 'softmax' | 'sigmoid',
): Pick<Head, 'scores'> {
  if (activation === 'log-softmax') return { scores: 'log-probabilities' };
  if (activation) return { scores: 'probabilities' };
  if (isLinear || applied === own) return { scores: 'logits' };
  return applied === 'none' ? { scores: 'probabilities' } : {};
}

function saysProblem(type: string): string {
  return `problem_type in config.json is "${type}"`;
}

function saysApplied(name: string): string {
  return `function_to_apply in config.json is "${name}"`;
}

/** Chooses the output with one value per label. */
function chooseOutput(graph: OnnxGraph, named: string | undefined, labels: number): OnnxValue {
  const all = graph.outputs.filter(
    ({ isTensor, type, name }) =>
      isTensor && (type === undefined || FLOAT_TYPES.includes(type)) && name !== ACTIVATIONS_OUTPUT,
  );
  const names = all.map(({ name }) => `"${name}"`).join(', ');
  if (named !== undefined) {
    const found = all.find(({ name }) => name === named);
    if (found) return found;
    throw new Error(`expected output to be one of ${names || 'none'}, received "${named}"`);
  }
  if (all.length === 0) throw noFloats(graph);
  const exact = all.filter((output) => sizeOf(output) === labels);
  const isSingle = (output: OnnxValue) => sizeOf(output) === 1 || isOneEach(graph, output);
  const single = labels === 2 ? all.filter(isSingle) : [];
  const free = all.filter((output) => sizeOf(output) === undefined);
  const fitting = [exact, single, free].find((candidates) => candidates.length > 0) ?? [];
  const chosen = fitting.find(({ name }) => name === 'logits') ?? fitting[0];
  if (chosen && (fitting.length === 1 || chosen.name === 'logits')) return chosen;
  if (!chosen) throw wrongSize(all, labels);
  if (fitting.every(({ name }) => NOT_SCORES.includes(name))) throw noHead(fitting);
  throw new Error(
    `expected one output with ${labels} values, one a label, but ` +
      `${fitting.map(({ name }) => `"${name}"`).join(' and ')} fit; ` +
      'choose with "npm run model -- add … --output NAME"',
  );
}

/** As transformers calls what a network gives before or instead of the scores of labels. */
const NOT_SCORES: readonly string[] = [
  'hidden_states',
  'image_embeds',
  'last_hidden_state',
  'pooler_output',
  'pred_boxes',
  'pred_masks',
];

function noHead(outputs: readonly OnnxValue[]): Error {
  const names = outputs.map(({ name }) => `"${name}"`).join(' and ');
  return new Error(
    `expected an output with scores, but the graph outputs ${names}, which are features; ` +
      'export the model with its head, with optimum as --task image-classification',
  );
}

function wrongSize(outputs: readonly OnnxValue[], labels: number): Error {
  const expected = `expected the graph to output ${labels} classes, as id2label names them, but`;
  const [first] = outputs;
  if (first && outputs.length === 1) {
    const size = sizeOf(first)!;
    const advice = adviceOnSize(size, labels, first.shape?.slice(1) ?? []);
    return new Error(`${expected} it outputs ${size}${advice}`);
  }
  const sizes = outputs.map((output) => `"${output.name}" has ${sizeOf(output)}`);
  return new Error(`${expected} ${sizes.join(' and ')}; ${ONLY_CLASSIFIERS}`);
}

function noFloats({ outputs, nodes }: OnnxGraph): Error {
  const isZipped = outputs.some(({ name }) => nodes.get(name)?.operator === 'ZipMap');
  const names = outputs.map(({ name }) => `"${name}"`).join(', ');
  const typed = outputs.map((output) => `"${output.name}" (${typeOf(output)})`).join(', ');
  const advice = outputs.every(({ isTensor }) => isTensor)
    ? 'before the graph chooses the best label'
    : 'before they become a sequence or a map';
  return new Error(
    isZipped
      ? `expected a tensor of scores, but the graph ends in ZipMap (${names}); ` +
          'install it with "npm run model -- add", which takes the tensor before it'
      : `expected the graph to output floats, but it outputs ${typed || 'nothing'}; ` +
          `export the tensor of scores, ${advice}`,
  );
}

/** Names of the element types (TensorProto.DataType) that are not floats. */
const TYPE_NAMES: Readonly<Record<number, string>> = {
  2: 'uint8',
  3: 'int8',
  6: 'int32',
  7: 'int64',
  8: 'texts',
  9: 'bool',
};

function typeOf({ isTensor, type = 0 }: OnnxValue): string {
  return isTensor ? (TYPE_NAMES[type] ?? 'of another type') : 'a sequence or map';
}

/** Values per picture; undefined if a size is dynamic. */
function sizeOf({ shape }: OnnxValue): number | undefined {
  const [, ...perPicture] = shape ?? [];
  if (perPicture.length === 0 || perPicture.some((size) => size < 0)) return undefined;
  return perPicture.reduce((product, size) => product * size);
}

/** Whether an output of shape [batch], as a squeeze leaves it, has one value per picture. */
function isOneEach({ inputs, constants }: OnnxGraph, { shape, batch }: OnnxValue): boolean {
  if (shape?.length !== 1) return false;
  // Older files list their weights among the inputs.
  const input = inputs.find(({ name }) => !constants.has(name));
  return shape[0] === 1 || (batch !== undefined && batch === input?.batch);
}
