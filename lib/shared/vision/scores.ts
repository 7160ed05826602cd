/** Converts a graph's values to logits, and logits to scores, for each kind of head. */
import type { Head } from '../model/head';
import { sigmoid, softmax } from './ranking';

type Floats = Float32Array<ArrayBuffer>;

/** The smallest normal 32-bit float; its logarithm is finite. */
const SMALLEST = 2 ** -126;
/** The largest 32-bit float below 1. */
const BELOW_ONE = 1 - 2 ** -24;

/**
 * The scores of all labels, 0 to 1, after temperature scaling (Guo et al. 2017). For a single-label
 * or binary head they sum to 1. For a multi-label head each is the sigmoid of its own logit.
 *
 * @param logits one per label, as `toLogits` gives them
 * @throws RangeError if a logit is not finite
 */
export function scoresOf(
  logits: ArrayLike<number>,
  head: Pick<Head, 'kind'>,
  temperature = 1,
): Float64Array {
  return head.kind === 'multi-label' ? sigmoid(logits, temperature) : softmax(logits, temperature);
}

/**
 * Logits, one per label, of one picture after the other. A single output z becomes the pair (0, z),
 * with the positive label's logit being z; the softmax of the pair gives sigmoid(z).
 */
export function toLogits(values: Floats, { kind, scores, positive = 1 }: Head): Floats {
  if (kind === 'single-label') return scores === 'probabilities' ? values.map(logOf) : values;
  const own = scores === 'probabilities' ? values.map(logOdds) : values;
  if (kind === 'multi-label') return own;
  const pairs = new Float32Array(own.length * 2);
  own.forEach((value, i) => (pairs[2 * i + positive] = value));
  return pairs;
}

/** The graph's own values from logits: the inverse of `toLogits`. */
export function fromLogits(
  logits: Floats,
  { kind, scores, positive = 1 }: Head,
  labels: number,
): Floats {
  if (kind === 'binary') {
    const own = logits.filter((_, i) => i % 2 === positive);
    return scores === 'probabilities' ? Float32Array.from(sigmoid(own)) : own;
  }
  if (scores !== 'probabilities') return logits;
  if (kind === 'multi-label') return Float32Array.from(sigmoid(logits));
  const values = new Float32Array(logits.length);
  for (let from = 0; from < logits.length; from += labels) {
    values.set(softmax(logits.subarray(from, from + labels)), from);
  }
  return values;
}

function logOf(probability: number): number {
  return Math.log(Math.max(probability, SMALLEST));
}

function logOdds(probability: number): number {
  const bounded = Math.min(Math.max(probability, SMALLEST), BELOW_ONE);
  return Math.log(bounded / (1 - bounded));
}
