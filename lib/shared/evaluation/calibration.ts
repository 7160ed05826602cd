/**
 * Measures calibration: how well confidence matches accuracy. Fits the temperature that improves
 * it.
 */

/** A model's output for pictures whose class is known. */
export interface LabelledRun {
  /** One list per picture, one value per class. */
  readonly logits: readonly Float32Array[];
  /** The true class of each picture. */
  readonly labels: readonly number[];
}

export interface ReliabilityBin {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  /** Null if the bin holds no picture. */
  readonly meanConfidence: number | null;
  readonly accuracy: number | null;
}

export const BINS = 15;

/** Bisection steps: they narrow the logarithm of the temperature to about 1e-11. */
const LOWEST = 0.01;
const HIGHEST = 100;
/** Bisection steps over the logarithm of the range: enough for double precision. */
const STEPS = 40;

/** Index of the class with the highest value; the first of equal ones. */
export function firstClass(values: ArrayLike<number>): number {
  let first = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[first]!) first = i;
  return first;
}

/** Sum of exp((logit − max) / temperature), the denominator of softmax. */
function partition(logits: Float32Array, max: number, temperature: number): number {
  let sum = 0;
  for (const logit of logits) sum += Math.exp((logit - max) / temperature);
  return sum;
}

/** Mean negative log-likelihood of the true classes, in nats. */
export function meanNll({ logits, labels }: LabelledRun, temperature = 1): number {
  let sum = 0;
  logits.forEach((values, picture) => {
    const max = values[firstClass(values)]!;
    const own = (values[labels[picture]!]! - max) / temperature;
    sum += Math.log(partition(values, max, temperature)) - own;
  });
  return sum / logits.length;
}

/**
 * The temperature with the smallest negative log-likelihood. The likelihood's logarithm is concave
 * in 1 / temperature, so bisection finds where its slope, the mean of (expected logit − logit of
 * the true class), is 0.
 */
export function fitTemperature(run: LabelledRun): number {
  let low = Math.log(LOWEST);
  let high = Math.log(HIGHEST);
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (slope(run, Math.exp(middle)) > 0) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

function slope({ logits, labels }: LabelledRun, temperature: number): number {
  let sum = 0;
  logits.forEach((values, picture) => {
    const max = values[firstClass(values)]!;
    let weights = 0;
    let weighted = 0;
    for (const logit of values) {
      const weight = Math.exp((logit - max) / temperature);
      weights += weight;
      weighted += weight * (logit - max);
    }
    sum += weighted / weights - (values[labels[picture]!]! - max);
  });
  return sum;
}

/**
 * Groups pictures by the confidence of their first label, in bins of equal width (lower, upper].
 */
export function reliability({ logits, labels }: LabelledRun, temperature = 1): ReliabilityBin[] {
  const bins = Array.from({ length: BINS }, () => ({ count: 0, confidence: 0, right: 0 }));
  logits.forEach((values, picture) => {
    const first = firstClass(values);
    const confidence = 1 / partition(values, values[first]!, temperature);
    const bin = bins[Math.max(0, Math.ceil(confidence * BINS) - 1)]!;
    bin.count++;
    bin.confidence += confidence;
    if (first === labels[picture]) bin.right++;
  });
  return bins.map(({ count, confidence, right }, i) => ({
    lower: i / BINS,
    upper: (i + 1) / BINS,
    count,
    meanConfidence: count === 0 ? null : confidence / count,
    accuracy: count === 0 ? null : right / count,
  }));
}

/**
 * Expected calibration error: mean of |confidence − accuracy| over bins, weighted by their
 * pictures.
 */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  const pictures = bins.reduce((sum, { count }) => sum + count, 0);
  return bins.reduce(
    (sum, { count, meanConfidence, accuracy }) =>
      sum + (count / pictures) * Math.abs((meanConfidence ?? 0) - (accuracy ?? 0)),
    0,
  );
}
