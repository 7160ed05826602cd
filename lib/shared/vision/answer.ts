/** From what a model gives to what people are told: one function for every runtime. */
import type { Sureness } from '../model/evaluation';
import { softmax, topK, type Prediction } from './ranking';
import { isUncertain, type ModelOutput } from './uncertainty';

export interface Ranked {
  readonly predictions: Prediction[];
  /** The model does not know, by the rule in its evaluation. */
  readonly uncertain: boolean;
}

/** The `k` best labels with calibrated probabilities, and whether they are to be believed. */
export function rank(
  output: ModelOutput,
  labels: readonly string[],
  k: number,
  { temperature, rule }: Sureness,
): Ranked {
  const scores = softmax(output.logits, temperature);
  return { predictions: topK(scores, labels, k), uncertain: isUncertain(output, scores, rule) };
}
