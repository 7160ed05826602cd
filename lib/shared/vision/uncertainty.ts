/** How sure an answer is, and whether its picture is like those the model was trained on. */
import type { UncertaintyRule } from '../model/evaluation';
import type { Head } from '../model/head';

/** What a model says of one picture. */
export interface ModelOutput {
  /** One for each class, before any temperature. */
  readonly logits: ArrayLike<number>;
  /** Of the class activations; undefined where the model does not output them. */
  readonly activationEnergySpread?: number | undefined;
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
 * Standard deviation of the energy over the places of one picture. An object stands out from its
 * surroundings, so the energy varies; noise, stripes and blank pages are about the same everywhere.
 *
 * @param activations [classes, height, width] of one picture
 */
export function activationEnergySpread(activations: Float32Array, places: number): number {
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

/** The activation energy spread of a runtime's output that holds one picture. */
export function spreadOfActivations(
  output: { readonly data: Float32Array; readonly dims: readonly number[] } | undefined,
): number | undefined {
  if (output?.dims.length !== 4) return undefined;
  const spread = activationEnergySpread(output.data, output.dims[2]! * output.dims[3]!);
  return Number.isFinite(spread) ? spread : undefined;
}

/**
 * The energy of labels that do not exclude each other, Σ log(1 + exp(z)): JointEnergy of Wang et al.
 * 2021 (https://arxiv.org/abs/2111.12797). Like `energy`, it is lower where no label fits.
 */
export function jointEnergy(logits: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    const logit = logits[i]!;
    sum += Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit)));
  }
  return sum;
}

/**
 * The lower the score, the less the picture is like those the model was trained on.
 *
 * @returns undefined where the model lacks the activations for the score, and for the energy of a
 *   binary head: a single logit cannot tell "against" from "unknown"
 */
export function outOfDistributionScore(
  { logits, activationEnergySpread: spread }: ModelOutput,
  score: NonNullable<UncertaintyRule['likeness']>['score'],
  { kind }: Pick<Head, 'kind'> = { kind: 'single-label' },
): number | undefined {
  if (score === 'evidence-spread') return spread;
  if (kind === 'binary') return undefined;
  return kind === 'multi-label' ? jointEnergy(logits) : energy(logits);
}

/**
 * Whether an answer is called uncertain. With labels that exclude each other: the first label's
 * probability, or its lead over the second, is too small. With independent labels: one score is so
 * near to the threshold that it might as well lie on the other side. In both cases: the picture is
 * unlike those the model was trained on.
 *
 * @param scores calibrated scores of all labels
 */
export function isUncertain(
  output: ModelOutput,
  scores: ArrayLike<number>,
  rule: UncertaintyRule,
  head: Head = { kind: 'single-label' },
): boolean {
  const isClose =
    head.kind === 'multi-label'
      ? isNearThreshold(scores, head.threshold ?? 0.5, rule.minMargin)
      : isNotAhead(scores, rule);
  if (isClose) return true;
  if (rule.likeness === undefined) return false;
  const score = outOfDistributionScore(output, rule.likeness.score, head);
  return score !== undefined && score < rule.likeness.threshold;
}

function isNotAhead(
  scores: ArrayLike<number>,
  { minScore, minMargin }: Pick<UncertaintyRule, 'minScore' | 'minMargin'>,
): boolean {
  const [first, second] = twoHighest(scores);
  return first < minScore || first - second < minMargin;
}

function isNearThreshold(scores: ArrayLike<number>, threshold: number, margin: number): boolean {
  for (let i = 0; i < scores.length; i++) {
    if (Math.abs(scores[i]! - threshold) < margin) return true;
  }
  return false;
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
