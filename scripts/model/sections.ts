/** What is added to an evaluation beside the measures every classifier has. */
import type { LabelledRun } from '../../lib/shared/evaluation/calibration';
import {
  baselineOf,
  evaluateUncertainty,
  type FittedAndMeasured,
  type LabelledOutput,
} from '../../lib/shared/uncertainty/fit';
import type { ModelOutput } from '../../lib/shared/vision/uncertainty';

/** Fewer rightly answered pictures say nothing of the few per cent at the end that bounds are set by. */
const LEAST_RIGHT = 100;

/** Everything the model answered to the labelled pictures, in the order they were read. */
export interface EvaluatedRun extends LabelledRun {
  readonly outputs: readonly LabelledOutput[];
  /** To generated pictures of nothing. */
  readonly nothing: FittedAndMeasured<ModelOutput>;
}

/** What share of a run was answered rightly, and the temperature that was fitted on it. */
export interface Figures {
  readonly accuracy: { readonly top1: number };
  readonly calibration: { readonly temperature: number };
}

/** Computes fields of `evaluation.json`; the schema names each that it knows. */
export type Section = (run: EvaluatedRun, figures: Figures) => Record<string, unknown>;

export const SECTIONS: readonly Section[] = [uncertainty];

/** The rule of doubt, where there is enough to set it by, and what drift is measured from. */
function uncertainty(
  { outputs, nothing }: EvaluatedRun,
  { accuracy, calibration: { temperature } }: Figures,
): Record<string, unknown> {
  if (accuracy.top1 * outputs.length < LEAST_RIGHT)
    return { baseline: baselineOf(outputs, temperature) };
  return { ...evaluateUncertainty(halves(outputs), nothing, temperature) };
}

/** Every second picture sets the rule, the others measure it. */
export function halves<T>(all: readonly T[]): FittedAndMeasured<T> {
  return {
    fitted: all.filter((_, i) => i % 2 === 0),
    measured: all.filter((_, i) => i % 2 === 1),
  };
}
