/** How sure an answer is, and how alike its picture is to what the model knows. */
import type { UncertaintyRule } from '../model/evaluation';
import type { Head } from '../model/head';

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
 * Lower is less alike; undefined where the model does not give what the score is made of. One output
 * has no energy that could tell "against" from "unknown".
 */
export function likeness(
  { logits, evidenceSpread: spread }: ModelOutput,
  score: NonNullable<UncertaintyRule['likeness']>['score'],
  { kind }: Pick<Head, 'kind'> = { kind: 'single-label' },
): number | undefined {
  if (score === 'evidence-spread') return spread;
  if (kind === 'binary') return undefined;
  return kind === 'multi-label' ? jointEnergy(logits) : energy(logits);
}

/**
 * Whether an answer is to be called uncertain. Of labels that exclude each other: the first is not
 * probable enough, or does not lead enough. Of labels by themselves: one is nearer to the threshold
 * than the margin, so that it might as well be on its other side. Of both: the picture is unlike
 * what the model knows.
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
  const alike = rule.likeness && likeness(output, rule.likeness.score, head);
  return rule.likeness !== undefined && alike !== undefined && alike < rule.likeness.threshold;
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
