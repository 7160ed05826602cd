/** From what a model gives to what people are told: one function for every runtime. */
import type { Calibration } from '../model/evaluation';
import type { Head, HeadKind } from '../model/head';
import { shortLabel, shownNames } from '../model/labels';
import { topK, type Prediction } from './ranking';
import { scoresOf } from './scores';
import { isUncertain, type ModelOutput } from './uncertainty';

/** What of a model decides how its logits are told. */
export interface Answering {
  readonly labels: readonly string[];
  readonly calibration: Calibration;
  readonly head: Head;
}

export interface Ranked {
  readonly head: HeadKind;
  readonly predictions: Prediction[];
  /** The model does not know, by the rule in its evaluation. */
  readonly uncertain: boolean;
}

const USUAL_COUNT = 5;

/**
 * The best labels with calibrated scores, and whether they are to be believed.
 *
 * @param k how many; five if not given, and of labels by themselves all that are selected
 */
export function rank(
  output: ModelOutput,
  { labels, calibration: { temperature, rule }, head }: Answering,
  k?: number,
): Ranked {
  const scores = scoresOf(output.logits, head, temperature);
  const names = shownNames(labels);
  const count = k ?? Math.max(USUAL_COUNT, countSelected(scores, head));
  const best = topK(scores, labels, count).map((prediction) => {
    const name = names[prediction.index];
    return name === shortLabel(prediction.label) ? prediction : { ...prediction, name };
  });
  const { kind, threshold } = head;
  return {
    head: kind,
    predictions:
      threshold === undefined
        ? best
        : best.map((prediction) => ({ ...prediction, selected: prediction.score >= threshold })),
    uncertain: isUncertain(output, scores, rule, head),
  };
}

function countSelected(scores: Float64Array, { threshold = Infinity }: Head): number {
  return scores.filter((score) => score >= threshold).length;
}
