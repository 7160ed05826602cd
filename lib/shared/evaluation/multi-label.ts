/** Measures of multi-label models: a picture has any number of labels. */
import { BINS, expectedCalibrationError, type ReliabilityBin } from './calibration';
import type { NamedClass } from './evaluate';
import type { Baseline } from '../model/evaluation';
import { sigmoid } from '../vision/ranking';

/** A model's output for pictures whose labels are known. */
export interface MultiLabelRun {
  /** One list per picture, one value per label. */
  readonly logits: readonly Float32Array[];
  /** Indices of the true labels of each picture; the list may be empty. */
  readonly labels: readonly (readonly number[])[];
}

const LOWEST = 0.01;
const HIGHEST = 100;
const STEPS = 40;
const TENTHS = 10;

/**
 * The content of `evaluation.json` for a multi-label run: mean average precision over the labels
 * that occur, and precision, recall and F1 of each label at the threshold. The temperature is
 * fitted on every second picture and measured on the others.
 *
 * @param threshold the calibrated score from which a label counts as predicted
 * @throws RangeError for fewer than two pictures, or if no picture has a label
 */
export function evaluateMultiLabel(
  run: MultiLabelRun,
  classes: readonly NamedClass[],
  threshold: number,
) {
  const isShown = run.labels.some((labels) => labels.length > 0);
  if (run.logits.length < 2 || !isShown) {
    throw new RangeError(`expected at least 2 pictures with labels, received ${run.logits.length}`);
  }
  const temperature = fitMultiLabelTemperature(half(run, 0));
  const others = half(run, 1);
  const bins = multiLabelReliability(others, temperature);
  const scores = run.logits.map((logits) => sigmoid(logits, temperature));
  const perClass = classes.flatMap((item, index) =>
    measureLabel(item, index, scores, run.labels, threshold),
  );
  const mean = perClass.reduce((sum, one) => sum + one.averagePrecision, 0) / perClass.length;
  return {
    images: run.logits.length,
    meanAveragePrecision: round(mean),
    threshold,
    calibration: {
      method: 'temperature scaling, each label by itself',
      temperature: round(temperature),
      fittedOn: 'every second picture',
      ece: {
        before: round(expectedCalibrationError(multiLabelReliability(others, 1))),
        after: round(expectedCalibrationError(bins)),
      },
      measuredOn: 'the other pictures',
      bins,
    },
    perClass,
    baseline: multiLabelBaseline(scores, threshold),
  };
}

/** The baseline for drift: how often each label was predicted, and the highest scores by tenth. */
function multiLabelBaseline(scores: readonly Float64Array[], threshold: number): Baseline {
  const labels = Array.from(scores[0]!, () => 0);
  const confidence = Array<number>(TENTHS).fill(0);
  for (const own of scores) {
    own.forEach((score, i) => {
      if (score >= threshold) labels[i]!++;
    });
    confidence[Math.min(TENTHS - 1, Math.floor(Math.max(...own) * TENTHS))]!++;
  }
  return { labels, confidence };
}

/** Empty for a label that no picture shows, because its recall is undefined. */
function measureLabel(
  { label, synset }: NamedClass,
  index: number,
  scores: readonly Float64Array[],
  labels: readonly (readonly number[])[],
  threshold: number,
) {
  const own = scores.map((values) => values[index]!);
  const isTrue = labels.map((shown) => shown.includes(index));
  const support = isTrue.filter(Boolean).length;
  if (support === 0) return [];
  const taken = own.filter((score) => score >= threshold).length;
  const right = own.filter((score, i) => isTrue[i] && score >= threshold).length;
  return [
    {
      index,
      ...(synset === undefined ? {} : { synset }),
      label,
      support,
      precision: round(taken === 0 ? 0 : right / taken),
      recall: round(right / support),
      f1: round((2 * right) / (support + taken)),
      averagePrecision: round(averagePrecision(own, isTrue)),
    },
  ];
}

/**
 * Average precision: the mean, over the pictures that show a label, of the precision among all
 * pictures that score at least as high. Pictures with equal scores count together, as in
 * scikit-learn.
 */
export function averagePrecision(scores: readonly number[], isTrue: readonly boolean[]): number {
  const order = scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const support = isTrue.filter(Boolean).length;
  let [right, before, sum] = [0, 0, 0];
  order.forEach((picture, at) => {
    if (isTrue[picture]) right++;
    const next = order[at + 1];
    if (next !== undefined && scores[next] === scores[picture]) return;
    sum += (right - before) * (right / (at + 1));
    before = right;
  });
  return support === 0 ? 0 : sum / support;
}

/**
 * The temperature with the smallest binary cross-entropy, which is convex in 1 / temperature.
 * Bisection finds where its slope, the sum of z (sigmoid(z / T) − y), is 0.
 */
export function fitMultiLabelTemperature(run: MultiLabelRun): number {
  let [low, high] = [Math.log(LOWEST), Math.log(HIGHEST)];
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (slope(run, Math.exp(middle)) > 0) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

function slope({ logits, labels }: MultiLabelRun, temperature: number): number {
  let sum = 0;
  logits.forEach((values, picture) => {
    const scores = sigmoid(values, temperature);
    scores.forEach((score, i) => {
      sum += values[i]! * (score - (labels[picture]!.includes(i) ? 1 : 0));
    });
  });
  return sum;
}

/**
 * Groups all scores of all pictures in bins of equal width (lower, upper], with how often the label
 * was present.
 */
function multiLabelReliability(
  { logits, labels }: MultiLabelRun,
  temperature: number,
): ReliabilityBin[] {
  const bins = Array.from({ length: BINS }, () => ({ count: 0, confidence: 0, right: 0 }));
  logits.forEach((values, picture) => {
    sigmoid(values, temperature).forEach((score, i) => {
      const bin = bins[Math.max(0, Math.ceil(score * BINS) - 1)]!;
      bin.count++;
      bin.confidence += score;
      if (labels[picture]!.includes(i)) bin.right++;
    });
  });
  return bins.map(({ count, confidence, right }, i) => ({
    lower: round(i / BINS),
    upper: round((i + 1) / BINS),
    count,
    meanConfidence: count === 0 ? null : round(confidence / count),
    accuracy: count === 0 ? null : round(right / count),
  }));
}

function half({ logits, labels }: MultiLabelRun, from: 0 | 1): MultiLabelRun {
  const isOfHalf = (_: unknown, picture: number) => picture % 2 === from;
  return { logits: logits.filter(isOfHalf), labels: labels.filter(isOfHalf) };
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
