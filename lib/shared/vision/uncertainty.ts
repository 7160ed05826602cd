/** How sure an answer is, and how alike its picture is to what the model knows. */
import type { UncertaintyRule } from '../model/evaluation';

/** The output, [pictures, classes, height, width], whose mean over the places is the logit. */
export const ACTIVATIONS_OUTPUT = 'class_activations';

/** What a model says of one picture. */
export interface ModelOutput {
  /** One for each class, before any temperature. */
  readonly logits: ArrayLike<number>;
  /** Of its class activations, where the model has them. */
  readonly evidenceSpread?: number | undefined;
}

/**
 * Log of the summed exponentials: the negative of the free energy of Liu et al. 2020
 * (https://arxiv.org/abs/2010.03759). The maximum is taken out, as in `softmax`.
 */
export function energy(logits: ArrayLike<number>): number {
  let max = -Infinity;
  for (let i = 0; i < logits.length; i++) max = Math.max(max, logits[i]!);
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i]! - max);
  return max + Math.log(sum);
}

/**
 * How unevenly the evidence lies: the standard deviation, over the places of one picture, of the
 * energy at each place. A thing stands out from what is around it; noise, stripes and blank pages
 * are about the same everywhere.
 *
 * @param activations [classes, height, width] of one picture
 */
export function evidenceSpread(activations: Float32Array, places: number): number {
  const classes = activations.length / places;
  const here = new Float64Array(classes);
  let [sum, squares] = [0, 0];
  for (let place = 0; place < places; place++) {
    for (let i = 0; i < classes; i++) here[i] = activations[i * places + place]!;
    const value = energy(here);
    sum += value;
    squares += value * value;
  }
  const mean = sum / places;
  return Math.sqrt(Math.max(0, squares / places - mean * mean));
}

/** The spread of evidence in an output as runtimes give it, for the one picture that is in it. */
export function spreadOfActivations(
  output: { readonly data: Float32Array; readonly dims: readonly number[] } | undefined,
): number | undefined {
  if (output?.dims.length !== 4) return undefined;
  const spread = evidenceSpread(output.data, output.dims[2]! * output.dims[3]!);
  return Number.isFinite(spread) ? spread : undefined;
}

/** Lower is less alike; undefined where the model does not give what the score is made of. */
export function likeness(
  { logits, evidenceSpread: spread }: ModelOutput,
  score: NonNullable<UncertaintyRule['likeness']>['score'],
): number | undefined {
  return score === 'energy' ? energy(logits) : spread;
}

/**
 * Whether an answer is to be called uncertain: the first label is not probable enough, does not lead
 * enough, or the picture is unlike what the model knows.
 *
 * @param scores calibrated probabilities of all classes
 */
export function isUncertain(
  output: ModelOutput,
  scores: ArrayLike<number>,
  rule: UncertaintyRule,
): boolean {
  const [first, second] = twoHighest(scores);
  if (first < rule.minScore || first - second < rule.minMargin) return true;
  const alike = rule.likeness && likeness(output, rule.likeness.score);
  return rule.likeness !== undefined && alike !== undefined && alike < rule.likeness.threshold;
}

/** Two zeros where there are no classes to speak of. */
export function twoHighest(scores: ArrayLike<number>): [number, number] {
  let [first, second] = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    if (score > first) [first, second] = [score, first];
    else if (score > second) second = score;
  }
  return [first, second];
}
