/** One label with its probability. */
export interface Prediction {
  readonly label: string;
  /** How it is shown, where its first name is another label's as well. */
  readonly name?: string | undefined;
  /** Position of the class in the model's output. */
  readonly index: number;
  /** 0 to 1; over all labels the sum is 1, unless each label stands by itself. */
  readonly score: number;
  /** Of a multi-label head: the score is at least the threshold. */
  readonly selected?: boolean | undefined;
}

/**
 * The labels that an answer gives: the first, or of labels by themselves all that are selected, which
 * may be none.
 */
export function givenLabels<T extends Pick<Prediction, 'selected'>>(
  predictions: readonly T[],
): T[] {
  const [first] = predictions;
  if (first?.selected === undefined) return predictions.slice(0, 1);
  return predictions.filter(({ selected }) => selected);
}

/** Indices of the selected labels; undefined where labels do not stand by themselves. */
export function selectedOf(
  predictions: readonly Pick<Prediction, 'index' | 'selected'>[],
): number[] | undefined {
  if (predictions[0]?.selected === undefined) return undefined;
  return givenLabels(predictions).map(({ index }) => index);
}

/** @throws RangeError naming the first class whose logit is not a finite number */
export function assertFinite(logits: ArrayLike<number>): void {
  for (let i = 0; i < logits.length; i++) {
    if (Number.isFinite(logits[i])) continue;
    throw new RangeError(`expected finite logits, received ${logits[i]} for class ${i}`);
  }
}

/**
 * Probabilities from logits, calibrated by temperature scaling (Guo et al. 2017,
 * https://arxiv.org/abs/1706.04599). The maximum is subtracted first, which changes nothing in exact
 * arithmetic and keeps `exp` from overflowing.
 *
 * @param temperature what logits are divided by; 1 leaves the model's own confidence
 * @throws RangeError if a logit is not a finite number, so that a broken model never ranks
 */
export function softmax(logits: ArrayLike<number>, temperature = 1): Float64Array {
  assertFinite(logits);
  let max = -Infinity;
  for (let i = 0; i < logits.length; i++) max = Math.max(max, logits[i]!);
  const probabilities = new Float64Array(logits.length);
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    probabilities[i] = Math.exp((logits[i]! - max) / temperature);
    sum += probabilities[i]!;
  }
  for (let i = 0; i < probabilities.length; i++) probabilities[i]! /= sum;
  return probabilities;
}

/**
 * What each class gets by itself, 0 to 1, for models whose classes do not exclude each other.
 *
 * @param temperature what logits are divided by
 */
export function sigmoid(logits: ArrayLike<number>, temperature = 1): Float64Array {
  assertFinite(logits);
  return Float64Array.from(logits, (logit) => 1 / (1 + Math.exp(-logit / temperature)));
}

/** The `k` classes with the highest scores, highest first; equal scores keep the order of classes. */
export function topK(
  scores: ArrayLike<number>,
  labels: readonly string[],
  k: number,
): Prediction[] {
  // Few of many: most classes are not among the best so far and cost one comparison.
  const best: number[] = [];
  for (let index = 0; index < scores.length; index++) {
    if (best.length === k && scores[index]! <= scores[best[k - 1]!]!) continue;
    best.splice(placeOf(scores[index]!, best, scores), 0, index);
    if (best.length > k) best.pop();
  }
  return best.map((index) => ({
    label: labels[index] ?? `class ${index}`,
    index,
    score: scores[index]!,
  }));
}

/** Behind all that are as high or higher. */
function placeOf(score: number, best: readonly number[], scores: ArrayLike<number>): number {
  let [low, high] = [0, best.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (scores[best[middle]!]! >= score) low = middle + 1;
    else high = middle;
  }
  return low;
}
