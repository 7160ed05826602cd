/**
 * Fits the uncertainty rule on labelled pictures and on pictures that show no class, and measures
 * it.
 */
import {
  OUT_OF_DISTRIBUTION_SCORES,
  type Baseline,
  type UncertaintyRule,
} from '../model/evaluation';
import { quantile } from '../numbers/quantile';
import { softmax } from '../vision/ranking';
import {
  isUncertain,
  outOfDistributionScore,
  twoHighest,
  type ModelOutput,
} from '../vision/uncertainty';

/** The model's output for a picture whose class is known. */
export interface LabelledOutput extends ModelOutput {
  readonly actual: number;
}

/**
 * Share of the correctly classified pictures that each bound may call uncertain: together at most
 * 13 % of the pictures that the rule is fitted on.
 */
const RIGHT_SHARES = { minScore: 0.04, minMargin: 0.04, outOfDistribution: 0.05 } as const;

const CONFIDENCE_TENTHS = 10;

/** How often a rule calls an answer uncertain. */
export interface UncertainShare {
  readonly pictures: number;
  /** Share, 0 to 1. */
  readonly uncertain: number;
}

export interface UncertaintyMeasured {
  readonly right: UncertainShare;
  readonly wrong: UncertainShare;
  readonly nonPictures: UncertainShare;
}

/**
 * Fits the three bounds on correctly classified pictures. Of the model's out-of-distribution scores
 * it takes the one that detects more of the pictures that show no class.
 *
 * @throws RangeError if no picture was classified correctly
 */
export function fitRule(
  pictures: readonly LabelledOutput[],
  nonPictures: readonly ModelOutput[],
  temperature: number,
): UncertaintyRule {
  const right = pictures.filter(isRight);
  if (right.length === 0) throw new RangeError('expected pictures that the model answers rightly');
  const highest = right.map(({ logits }) => twoHighest(softmax(logits, temperature)));
  const bounds = OUT_OF_DISTRIBUTION_SCORES.flatMap((score) => boundOf(score, right) ?? []);
  const found = (bound: ScoreBound) =>
    nonPictures.filter(
      (output) => (outOfDistributionScore(output, bound.score) ?? Infinity) < bound.threshold,
    ).length;
  const firsts = highest.map(([first]) => first);
  const margins = highest.map(([first, second]) => first - second);
  return {
    minScore: rounded(quantile(firsts, RIGHT_SHARES.minScore)),
    minMargin: rounded(quantile(margins, RIGHT_SHARES.minMargin)),
    likeness: bounds.reduce((best, bound) => (found(bound) > found(best) ? bound : best)),
  };
}

type ScoreBound = NonNullable<UncertaintyRule['likeness']>;

/** Undefined if the model lacks the outputs that the score needs. */
function boundOf(
  score: ScoreBound['score'],
  right: readonly LabelledOutput[],
): ScoreBound | undefined {
  const scores = right.map((picture) => outOfDistributionScore(picture, score) ?? NaN);
  if (scores.some(Number.isNaN)) return undefined;
  return { score, threshold: rounded(quantile(scores, RIGHT_SHARES.outOfDistribution)) };
}

/** Measures a rule on pictures that it was not fitted on. */
export function measureRule(
  rule: UncertaintyRule,
  temperature: number,
  pictures: readonly LabelledOutput[],
  nonPictures: readonly ModelOutput[],
): UncertaintyMeasured {
  const share = (outputs: readonly ModelOutput[]): UncertainShare => ({
    pictures: outputs.length,
    uncertain: rounded(
      outputs.filter((output) => isUncertain(output, softmax(output.logits, temperature), rule))
        .length / Math.max(1, outputs.length),
    ),
  });
  return {
    right: share(pictures.filter(isRight)),
    wrong: share(pictures.filter((picture) => !isRight(picture))),
    nonPictures: share(nonPictures),
  };
}

/** Pictures to fit the rule on, and other pictures to measure it on. */
export interface FittedAndMeasured<T> {
  readonly fitted: readonly T[];
  readonly measured: readonly T[];
}

export interface UncertaintySection extends UncertaintyRule {
  readonly measured: UncertaintyMeasured;
}

/** The sections `uncertainty` and `baseline` of `evaluation.json`. */
export function evaluateUncertainty(
  pictures: FittedAndMeasured<LabelledOutput>,
  nonPictures: FittedAndMeasured<ModelOutput>,
  temperature: number,
): { uncertainty: UncertaintySection; baseline: Baseline } {
  const rule = fitRule(pictures.fitted, nonPictures.fitted, temperature);
  const measured = measureRule(rule, temperature, pictures.measured, nonPictures.measured);
  const all = [...pictures.fitted, ...pictures.measured];
  return { uncertainty: { ...rule, measured }, baseline: baselineOf(all, temperature) };
}

/** The distribution of first labels and of their probabilities: the baseline for drift. */
export function baselineOf(outputs: readonly ModelOutput[], temperature: number): Baseline {
  const labels = new Array<number>(outputs[0]?.logits.length ?? 0).fill(0);
  const confidence = new Array<number>(CONFIDENCE_TENTHS).fill(0);
  for (const { logits } of outputs) {
    labels[firstOf(logits)]!++;
    const [first] = twoHighest(softmax(logits, temperature));
    confidence[Math.min(CONFIDENCE_TENTHS - 1, Math.floor(first * CONFIDENCE_TENTHS))]!++;
  }
  return { labels, confidence };
}

function isRight({ logits, actual }: LabelledOutput): boolean {
  return firstOf(logits) === actual;
}

function firstOf(logits: ArrayLike<number>): number {
  let first = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i]! > logits[first]!) first = i;
  return first;
}

/** Rounds to the four digits that `evaluation.json` has. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
