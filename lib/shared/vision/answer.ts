/** Turns a model's output into an answer. Server and browser share this code. */
import type { Calibration } from '../model/evaluation';
import type { Head, HeadKind } from '../model/head';
import { shortLabel, shownNames } from '../model/labels';
import { topK, type Prediction } from './ranking';
import { scoresOf } from './scores';
import { isUncertain, type ModelOutput } from './uncertainty';

/** The parts of a model that decide how its logits become an answer. */
export interface Answering {
  readonly labels: readonly string[];
  readonly calibration: Calibration;
  readonly head: Head;
}

export interface Ranked {
  readonly head: HeadKind;
  readonly predictions: Prediction[];
  /** Whether the model is uncertain, by the rule of its evaluation. */
  readonly uncertain: boolean;
}

const USUAL_COUNT = 5;

/**
 * Ranks labels by calibrated score, and tells whether the answer is uncertain.
 *
 * @param k number of labels; default five, for a multi-label model at least all selected labels
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
