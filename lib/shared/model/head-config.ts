/** Reads what `config.json` says about a model's head. */
import * as z from 'zod/mini';
import { readField, readObject, wrongField } from './field';

const PROBLEM_TYPES = [
  'single_label_classification',
  'multi_label_classification',
  'regression',
] as const;
const FUNCTIONS = ['softmax', 'sigmoid', 'none'] as const;

export interface HeadConfig {
  /** Value as transformers writes it. */
  readonly problemType?: (typeof PROBLEM_TYPES)[number] | undefined;
  /**
   * `function_to_apply`, as transformers' pipelines read it; "none" if the graph applies the
   * function itself.
   */
  readonly applied?: (typeof FUNCTIONS)[number] | undefined;
  /** Index of the label that a single output scores. */
  readonly positive?: number | undefined;
  readonly threshold?: number | undefined;
  /** Name of the output that holds the scores. */
  readonly output?: string | undefined;
}

const optional = <T>(schema: z.ZodMiniType<T>) => z.nullish(schema);
const share = z.number().check(z.minimum(0), z.maximum(1));

/**
 * Reads `problem_type`, `function_to_apply`, and the keys under `sightline`: `positive` (a label or
 * its index), `threshold` (0 to 1), `output` (a name).
 *
 * @throws Error naming the field, the expected and the received value
 */
export function parseHeadConfig(json: unknown, labels: readonly string[]): HeadConfig {
  const config = readObject(json);
  const own = readObject(config.sightline ?? {});
  const oneOf = (values: readonly string[]) =>
    `one of ${values.map((value) => `"${value}"`).join(', ')}`;
  return {
    problemType:
      readField(config, 'problem_type', oneOf(PROBLEM_TYPES), optional(z.enum(PROBLEM_TYPES))) ??
      undefined,
    applied:
      readField(config, 'function_to_apply', oneOf(FUNCTIONS), optional(z.enum(FUNCTIONS))) ??
      undefined,
    positive: readPositive(own.positive, labels),
    threshold: readField(own, 'threshold', 'a number from 0 to 1', optional(share)) ?? undefined,
    output: readField(own, 'output', 'the name of an output', optional(z.string())) ?? undefined,
  };
}

function readPositive(given: unknown, labels: readonly string[]): number | undefined {
  if (given === undefined || given === null) return undefined;
  const index = typeof given === 'string' ? labels.indexOf(given) : Number(given);
  if (labels.length === 2 && (index === 0 || index === 1)) return index;
  const names = labels.length === 2 ? labels.map((label) => `"${label}"`).join(' or ') : 'nothing';
  throw wrongField('positive', `to be ${names}`, given);
}
