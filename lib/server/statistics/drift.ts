import type { Baseline } from '../../shared/model/evaluation';
import { labelStabilityIndex, LEAST_ANSWERS, stabilityIndex } from '../../shared/uncertainty/drift';
import type { ModelFolder } from '../models/folder';
import type { Sums } from './summary';

/** How a model's answers of some time lie beside those of its evaluation. */
export interface Drift {
  readonly baseline: Baseline;
  /** Answers by tenth of the first label's probability. */
  readonly confidence: readonly number[];
  readonly answers: number;
  /** Stability indices; undefined where there are too few answers to tell. */
  readonly psi: { readonly label: number; readonly confidence: number } | undefined;
}

/** @returns undefined of a model whose evaluation keeps no baseline */
export function driftOf({ id, evaluation }: ModelFolder, sums: Sums): Drift | undefined {
  const baseline = evaluation?.baseline;
  if (!baseline) return undefined;
  const confidence = baseline.confidence.map((_, i) => sums.get(`confidence-of:${id}/${i}`) ?? 0);
  const labels = baseline.labels.map((_, i) => sums.get(`label:${id}/${i}`) ?? 0);
  // What counted labels before it counted tenths would else be compared by halves.
  const answers = Math.min(total(confidence), total(labels));
  const isEnough = answers >= LEAST_ANSWERS && total(baseline.labels) >= LEAST_ANSWERS;
  const psi = isEnough
    ? {
        label: labelStabilityIndex(labels, baseline.labels),
        confidence: stabilityIndex(confidence, baseline.confidence),
      }
    : undefined;
  return { baseline, confidence, answers, psi };
}

export function total(counts: readonly number[]): number {
  return counts.reduce((sum, n) => sum + n, 0);
}
