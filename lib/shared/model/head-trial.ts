/** What two pictures tell of a graph's output, beside what graph and config say. */
import { areLogProbabilities, areProbabilities } from './graph-values';
import type { Head, OutputScale } from './head';

/** 8-bit graphs round each of many probabilities. */
const DECLARED_TOLERANCE = 0.05;
const ROUNDING = 1e-3;
/** 32-bit floats of as many classes as there are. */
const EXACT_SUM_TOLERANCE = 1e-4;

/**
 * The head with the scale of its output.
 *
 * @param probes what the output gave for two pictures
 * @throws Error where what came cannot be what was declared, or it cannot be told what it is
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
  // A matrix after a softmax adds probabilities up to those of groups, and they still sum to 1.
  if (scores === 'logits') return areSharesOfOne(probes) ? 'probabilities' : scores;
  return scores ?? tryExclusive(output, probes);
}

/** Other values for another picture, and each time a sum of 1: linear layers do not do that. */
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

/** What adds up to 1 on both was not made by chance; what lies from 0 to 1 may be sigmoids. */
function tryExclusive(output: string, probes: readonly Float32Array[]): OutputScale {
  if (probes.every((values) => areProbabilities(values))) return 'probabilities';
  if (probes.every((values) => areLogProbabilities(values))) return 'log-probabilities';
  assertNoShares(output, probes);
  return tryEach(output, probes);
}

/** Per cent, for one, would be taken for logits, of which softmax makes 0 and 1. */
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

/** Values outside 0 to 1 are logits. Values inside may be either, and guessing would be silent. */
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
