/** Adds sections to an evaluation, beyond the measures that every classifier has. */
import type { LabelledRun } from '../../lib/shared/evaluation/calibration';
import {
  baselineOf,
  evaluateUncertainty,
  type FittedAndMeasured,
  type LabelledOutput,
} from '../../lib/shared/uncertainty/fit';
import type { ModelOutput } from '../../lib/shared/vision/uncertainty';

/**
 * Fewer correctly classified pictures do not determine the small shares that the bounds are fitted
 * to.
 */
const LEAST_RIGHT = 100;

/** The model's outputs for the labelled pictures, in the order in which they were read. */
export interface EvaluatedRun extends LabelledRun {
  readonly outputs: readonly LabelledOutput[];
  /** Outputs for generated pictures that show no class. */
  readonly nothing: FittedAndMeasured<ModelOutput>;
}

/** The accuracy of a run, and the temperature that was fitted on it. */
export interface Figures {
  readonly accuracy: { readonly top1: number };
  readonly calibration: { readonly temperature: number };
}

/** Computes fields of `evaluation.json`. The schema names those that it knows. */
export type Section = (run: EvaluatedRun, figures: Figures) => Record<string, unknown>;

export const SECTIONS: readonly Section[] = [uncertainty];

/** The uncertainty rule, if there are enough pictures to fit it, and the baseline for drift. */
function uncertainty(
  { outputs, nothing }: EvaluatedRun,
  { accuracy, calibration: { temperature } }: Figures,
): Record<string, unknown> {
  if (accuracy.top1 * outputs.length < LEAST_RIGHT)
    return { baseline: baselineOf(outputs, temperature) };
  return { ...evaluateUncertainty(halves(outputs), nothing, temperature) };
}

/** Every second picture is for fitting the rule, the others are for measuring it. */
export function halves<T>(all: readonly T[]): FittedAndMeasured<T> {
  return {
    fitted: all.filter((_, i) => i % 2 === 0),
    measured: all.filter((_, i) => i % 2 === 1),
  };
}
