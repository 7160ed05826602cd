/** How far confidence can be believed, and the temperature that makes it believable. */

/** What a model answered to pictures whose class is known. */
export interface LabelledRun {
  /** One list a picture, one value a class. */
  readonly logits: readonly Float32Array[];
  /** The true class of each picture. */
  readonly labels: readonly number[];
}

export interface ReliabilityBin {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  /** Null where no picture fell. */
  readonly meanConfidence: number | null;
  readonly accuracy: number | null;
}

export const BINS = 15;

/** Where a temperature is looked for; a model that is always right would want one of 0. */
const LOWEST = 0.01;
const HIGHEST = 100;
/** Halvings of the logarithm of that range: more digits than anybody needs. */
const STEPS = 40;

/** The class with the highest value; of equal ones the first. */
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
 * The temperature with the smallest negative log-likelihood, which is convex in its inverse: the
 * slope is the mean of (expected logit − logit of the true class), and is 0 at the minimum.
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

/** Pictures by the confidence of their first label, in equal bins (lower, upper]. */
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

/** Mean distance between confidence and accuracy, each bin by its share of pictures. */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  const pictures = bins.reduce((sum, { count }) => sum + count, 0);
  return bins.reduce(
    (sum, { count, meanConfidence, accuracy }) =>
      sum + (count / pictures) * Math.abs((meanConfidence ?? 0) - (accuracy ?? 0)),
    0,
  );
}
