/** What is added to an evaluation beside the measures every classifier has. */
import type { ModelFolder } from '../../lib/server/models/folder';
import type { LabelledRun } from '../../lib/shared/evaluation/calibration';

/** Everything the model answered to the labelled pictures, in the order they were read. */
export interface EvaluatedRun extends LabelledRun {
  readonly model: ModelFolder;
}

/** Computes fields of `evaluation.json`; the schema names each that it knows. */
export type Section = (run: EvaluatedRun) => Record<string, unknown>;

export const SECTIONS: readonly Section[] = [];
