/** From what a graph gives to logits, and from logits to the scores of labels, by the kind of head. */
import type { Head } from '../model/head';
import { sigmoid, softmax } from './ranking';

type Floats = Float32Array<ArrayBuffer>;

/** The least positive number a float holds in full, whose logarithm is finite. */
const SMALLEST = 2 ** -126;
/** What is nearest below 1 in 32-bit floats. */
const BELOW_ONE = 1 - 2 ** -24;

/**
 * The scores of all labels, 0 to 1, after temperature scaling (Guo et al. 2017). Of a single-label or
 * binary head they sum to 1; of a multi-label head each is the sigmoid of its own logit.
 *
 * @param logits as `toLogits` gives them, one a label
 * @throws RangeError if a logit is not a finite number
 */
export function scoresOf(
  logits: ArrayLike<number>,
  head: Pick<Head, 'kind'>,
  temperature = 1,
): Float64Array {
  return head.kind === 'multi-label' ? sigmoid(logits, temperature) : softmax(logits, temperature);
}

/**
 * Logits, one a label, of one picture after the other. A single output z becomes the pair (0, z),
 * positive label last, whose softmax is sigmoid(z).
 */
export function toLogits(values: Floats, { kind, scores, positive = 1 }: Head): Floats {
  if (kind === 'single-label') return scores === 'probabilities' ? values.map(logOf) : values;
  const own = scores === 'probabilities' ? values.map(logOdds) : values;
  if (kind === 'multi-label') return own;
  const pairs = new Float32Array(own.length * 2);
  own.forEach((value, i) => (pairs[2 * i + positive] = value));
  return pairs;
}

/** The graph's own values out of logits, the inverse of `toLogits`. */
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
