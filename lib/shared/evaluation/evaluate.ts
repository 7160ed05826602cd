import {
  expectedCalibrationError,
  fitTemperature,
  meanNll,
  reliability,
  type LabelledRun,
} from './calibration';
import { confusion, measureClasses, mostConfused, topKAccuracy } from './classes';

const CONFUSED_PAIRS = 25;

/** A class with the label that the model folder gives it. */
export interface NamedClass {
  readonly label: string;
  /** The WordNet id, if the folder has one. */
  readonly synset?: string;
}

/**
 * The content of `evaluation.json` (schema 1) for a run. Shares have four digits. The temperature
 * is fitted on every second picture and measured on the others.
 *
 * @throws RangeError for fewer than two pictures
 */
export function evaluate(run: LabelledRun, classes: readonly NamedClass[]) {
  if (run.logits.length < 2) {
    throw new RangeError(`expected at least 2 pictures, received ${run.logits.length}`);
  }
  const cells = confusion(run);
  return {
    images: run.logits.length,
    accuracy: { top1: round(topKAccuracy(run, 1)), top5: round(topKAccuracy(run, 5)) },
    nll: round(meanNll(run)),
    calibration: calibrate(run),
    perClass: measureClasses(cells).map(({ index, support, precision, recall, f1 }) => ({
      index,
      ...(classes[index]?.synset === undefined ? {} : { synset: classes[index].synset }),
      label: classes[index]?.label ?? `class ${index}`,
      support,
      precision: round(precision),
      recall: round(recall),
      f1: round(f1),
    })),
    confusion: cells.map(({ actual, predicted, count }) => [actual, predicted, count] as const),
    mostConfused: mostConfused(cells, CONFUSED_PAIRS),
  };
}

function calibrate(run: LabelledRun) {
  const temperature = fitTemperature(everySecond(run, 0));
  const others = everySecond(run, 1);
  const bins = reliability(others, temperature);
  return {
    method: 'temperature scaling',
    temperature: round(temperature),
    fittedOn: 'every second picture',
    ece: {
      before: round(expectedCalibrationError(reliability(others))),
      after: round(expectedCalibrationError(bins)),
    },
    measuredOn: 'the other pictures',
    bins: bins.map(({ lower, upper, count, meanConfidence, accuracy }) => ({
      lower: round(lower),
      upper: round(upper),
      count,
      meanConfidence: meanConfidence === null ? null : round(meanConfidence),
      accuracy: accuracy === null ? null : round(accuracy),
    })),
  };
}

function everySecond({ logits, labels }: LabelledRun, from: 0 | 1): LabelledRun {
  const isOfHalf = (_: unknown, picture: number) => picture % 2 === from;
  return { logits: logits.filter(isOfHalf), labels: labels.filter(isOfHalf) };
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
