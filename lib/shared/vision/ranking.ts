/** One label with its score. */
export interface Prediction {
  readonly label: string;
  /** The shown name, present if the label's first name belongs to another label as well. */
  readonly name?: string | undefined;
  /** Index of the class in the model's output. */
  readonly index: number;
  /** 0 to 1. The scores of all labels sum to 1, except for a multi-label head. */
  readonly score: number;
  /** For a multi-label head: whether the score reaches the threshold. */
  readonly selected?: boolean | undefined;
}

/**
 * The labels of an answer: the first label, or for a multi-label head all selected labels, possibly
 * none.
 */
export function givenLabels<T extends Pick<Prediction, 'selected'>>(
  predictions: readonly T[],
): T[] {
  const [first] = predictions;
  if (first?.selected === undefined) return predictions.slice(0, 1);
  return predictions.filter(({ selected }) => selected);
}

/** Indices of the selected labels; undefined if the head is not multi-label. */
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
 * https://arxiv.org/abs/1706.04599). The maximum is subtracted first, so that `exp` does not
 * overflow; mathematically this changes nothing.
 *
 * @param temperature divides the logits; 1 keeps the model's own confidence
 * @throws RangeError if a logit is not finite, so that a broken model gives no ranking
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
 * The score of each class by itself, 0 to 1, for models whose classes do not exclude each other.
 *
 * @param temperature divides the logits
 * @throws RangeError if a logit is not finite
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
  // k is small, so most classes cost one comparison with the lowest of the best.
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

/** Position after all scores that are equal or higher (binary search). */
function placeOf(score: number, best: readonly number[], scores: ArrayLike<number>): number {
  let [low, high] = [0, best.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (scores[best[middle]!]! >= score) low = middle + 1;
    else high = middle;
  }
  return low;
}
