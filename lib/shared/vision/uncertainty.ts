/**
 * Decides whether an answer is uncertain, and how much its picture resembles the training pictures.
 */
import type { UncertaintyRule } from '../model/evaluation';
import type { Head } from '../model/head';

/** A model's output for one picture. */
export interface ModelOutput {
  /** One per class, without temperature scaling. */
  readonly logits: ArrayLike<number>;
  /** Of the class activations; undefined if the model does not output them. */
  readonly activationEnergySpread?: number | undefined;
}

/**
 * Log of the sum of exponentials: the negative free energy of Liu et al. 2020
 * (https://arxiv.org/abs/2010.03759). The maximum is subtracted first, as in `softmax`.
 */
export function energy(logits: ArrayLike<number>): number {
  let max = -Infinity;
  for (let i = 0; i < logits.length; i++) max = Math.max(max, logits[i]!);
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i]! - max);
  return max + Math.log(sum);
}

/**
 * Standard deviation of the energy over the places of one picture. At an object the energy differs
 * from its surroundings; in noise, stripes and blank pages it is nearly constant.
 *
 * @param activations [classes, height, width] of one picture
 * @param places height × width
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

/** The activation energy spread of an output for one picture. */
export function spreadOfActivations(
  output: { readonly data: Float32Array; readonly dims: readonly number[] } | undefined,
): number | undefined {
  if (output?.dims.length !== 4) return undefined;
  const spread = activationEnergySpread(output.data, output.dims[2]! * output.dims[3]!);
  return Number.isFinite(spread) ? spread : undefined;
}

/**
 * The energy of labels that do not exclude each other, Σ log(1 + exp(z)): JointEnergy of Wang et
 * al. 2021 (https://arxiv.org/abs/2111.12797). Like `energy`, it is lower if no label fits.
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
 * The out-of-distribution score. A lower score means that the picture is less like the training
 * pictures.
 *
 * @returns undefined if the model lacks the activations for the score, and for the energy of a
 *   binary head, whose single logit cannot tell "against" from "unknown"
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
 * Whether an answer is uncertain. If labels exclude each other, it is when the first label's score
 * or its lead over the second is too small. If labels are independent, it is when a score is too
 * near the threshold. In both cases, it also is when the out-of-distribution score is below its bound.
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

/** The two highest scores; 0 for those that do not exist. */
export function twoHighest(scores: ArrayLike<number>): [number, number] {
  let [first, second] = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    if (score > first) [first, second] = [score, first];
    else if (score > second) second = score;
  }
  return [first, second];
}
