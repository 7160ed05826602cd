/**
 * Finds the scale of a graph's output from its values for two test pictures, where graph and config
 * leave it open.
 */
import { areLogProbabilities, areProbabilities } from './graph-values';
import type { Head, OutputScale } from './head';

/** 8-bit graphs round each of many probabilities. */
const DECLARED_TOLERANCE = 0.05;
const ROUNDING = 1e-3;
/** Rounding error of a sum of 32-bit floats. */
const EXACT_SUM_TOLERANCE = 1e-4;

/**
 * The head with the scale of its output.
 *
 * @param probes the output's values for two test pictures
 * @throws Error if the values contradict the declared scale, or the scale stays unknown
 */
export function triedHead(head: Head, output: string, probes: readonly Float32Array[]): Head {
  const scores = triedScale(head, output, probes);
  const isPossible = probes.every((values) => canBe(values, head.kind, scores));
  if (isPossible) return { ...head, scores };
  const sample = Array.from(probes.at(-1)!.slice(0, 4), (value) => value.toPrecision(3));
  throw new Error(
    `expected output "${output}" to hold ${scores}, as graph and config.json say, ` +
      `but a picture gave ${sample.join(', ')}${probes[0]!.length > 4 ? ', …' : ''}`,
  );
}

function triedScale(
  { kind, scores }: Head,
  output: string,
  probes: readonly Float32Array[],
): OutputScale {
  if (kind !== 'single-label') return scores ?? tryEach(output, probes);
  // A matrix after a softmax can sum the probabilities of groups. The results still sum to 1.
  if (scores === 'logits') return areSharesOfOne(probes) ? 'probabilities' : scores;
  return scores ?? tryExclusive(output, probes);
}

/**
 * Whether the two pictures give different values that both sum to 1. Linear layers do not do that.
 */
function areSharesOfOne(probes: readonly Float32Array[]): boolean {
  return (
    areOthers(probes) && probes.every((values) => areProbabilities(values, EXACT_SUM_TOLERANCE))
  );
}

function areOthers([first, ...others]: readonly Float32Array[]): boolean {
  return others.some((values) =>
    values.some((value, i) => Math.abs(value - first![i]!) > ROUNDING * Math.abs(value)),
  );
}

function canBe(values: Float32Array, kind: Head['kind'], scores: OutputScale): boolean {
  if (scores === 'logits') return true;
  if (kind !== 'single-label') return areShares(values);
  return scores === 'probabilities'
    ? areProbabilities(values, DECLARED_TOLERANCE)
    : areLogProbabilities(values, DECLARED_TOLERANCE);
}

/**
 * Values that sum to 1 for both pictures are probabilities. Other values within 0 to 1 may be
 * sigmoids.
 */
function tryExclusive(output: string, probes: readonly Float32Array[]): OutputScale {
  if (probes.every((values) => areProbabilities(values))) return 'probabilities';
  if (probes.every((values) => areLogProbabilities(values))) return 'log-probabilities';
  assertNoShares(output, probes);
  return tryEach(output, probes);
}

/**
 * Refuses non-negative values with an equal sum for both pictures, such as percentages: softmax
 * would treat them as logits and give nearly 0 and 1.
 */
function assertNoShares(output: string, probes: readonly Float32Array[]): void {
  const sums = probes.map((values) => values.reduce((sum, value) => sum + value, 0));
  const [sum = 0] = sums;
  const areEqual = sums.every((other) => Math.abs(other - sum) <= ROUNDING * sum);
  const areShares = probes.every((values) => values.every((value) => value >= 0));
  if (sum <= 0 || !areShares || !areEqual || !areOthers(probes)) return;
  throw new Error(
    `expected output "${output}" to hold logits, or scores that sum to 1, but those of two pictures ` +
      `sum to ${Number(sum.toPrecision(3))}; export the logits, or scores from 0 to 1`,
  );
}

/**
 * Values outside 0 to 1 are logits. Values inside may be either; a guess could be wrong unnoticed.
 */
function tryEach(output: string, probes: readonly Float32Array[]): OutputScale {
  if (!probes.every(areShares)) return 'logits';
  throw new Error(
    `cannot tell whether output "${output}" holds logits or scores from 0 to 1; ` +
      'say it in config.json: function_to_apply "softmax" or "sigmoid" for logits, "none" for scores',
  );
}

function areShares(values: Float32Array): boolean {
  return values.every((value) => value >= -ROUNDING && value <= 1 + ROUNDING);
}
