/** What two pictures tell of a graph's output, beside what graph and config say. */
import { areLogProbabilities, areProbabilities } from './graph-values';
import type { Head, OutputScale } from './head';

/** 8-bit graphs round each of many probabilities. */
const DECLARED_TOLERANCE = 0.05;
const ROUNDING = 1e-3;

/**
 * The head with the scale of its output.
 *
 * @param probes what the output gave for two pictures
 * @throws Error where what came cannot be what was declared, or it cannot be told what it is
 */
export function triedHead(head: Head, output: string, probes: readonly Float32Array[]): Head {
  const scores =
    head.scores ??
    (head.kind === 'single-label' ? tryExclusive(output, probes) : tryEach(output, probes));
  const isPossible = probes.every((values) => canBe(values, head.kind, scores));
  if (isPossible) return { ...head, scores };
  const sample = Array.from(probes.at(-1)!.slice(0, 4), (value) => value.toPrecision(3));
  throw new Error(
    `expected output "${output}" to hold ${scores}, as graph and config.json say, ` +
      `but a picture gave ${sample.join(', ')}${probes[0]!.length > 4 ? ', …' : ''}`,
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
  return tryEach(output, probes);
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
