/** Measures drift: how far a model's recent answers differ from its answers in the evaluation. */

/** Classes are compared in groups, because counts of single rare classes vary by chance. */
const LABEL_GROUPS = 10;

/** Added to each bin's count, so that an empty bin has a share above 0. */
const SMOOTHING = 0.5;

/**
 * Smallest number of answers for which drift is reported. With fewer, chance alone looks like
 * drift: with ten bins and no drift, the index is about 9 / answers on average (Yurdakul 2018). For
 * 200 answers that is 0.045, and hardly ever above 0.11.
 */
export const LEAST_ANSWERS = 200;

/**
 * Bounds of the index: from `little` a distribution has moved a little, from `much` it has moved
 * much.
 */
export const MOVED = { little: 0.1, much: 0.25 } as const;

/**
 * Population stability index of two histograms over the same bins:
 *
 *     PSI = Σ (aᵢ − eᵢ) · ln(aᵢ / eᵢ)
 *
 * with the shares aᵢ = (actualᵢ + ½) / (Σ actual + bins / 2), and eᵢ of what was expected likewise.
 * It is the symmetric Kullback-Leibler divergence. Usual reading: below 0.1 nothing has moved, up to
 * 0.25 a little, above that much (N. Siddiqi, Credit Risk Scorecards, 2006; B. Yurdakul, Statistical
 * Properties of Population Stability Index, 2018, https://scholarworks.wmich.edu/dissertations/3208).
 *
 * @throws RangeError if they do not have the same bins
 */
export function stabilityIndex(actual: readonly number[], expected: readonly number[]): number {
  if (actual.length !== expected.length) {
    throw new RangeError(`${actual.length} bins cannot be compared with ${expected.length}`);
  }
  const expectedShares = shares(expected);
  return shares(actual).reduce((sum, a, i) => {
    const e = expectedShares[i]!;
    return sum + (a - e) * Math.log(a / e);
  }, 0);
}

function shares(counts: readonly number[]): number[] {
  const total = sum(counts) + SMOOTHING * counts.length;
  return counts.map((count) => (count + SMOOTHING) / total);
}

/**
 * The group of each class. A group holds neighbouring classes of the model's output, and each group
 * has about the same share of the baseline.
 */
export function labelGroups(baseline: readonly number[]): number[] {
  const total = sum(baseline);
  let before = 0;
  return baseline.map((count) => {
    const middle = before + count / 2;
    before += count;
    // Without answers, every grouping is equally good.
    return total === 0
      ? 0
      : Math.min(LABEL_GROUPS - 1, Math.floor((LABEL_GROUPS * middle) / total));
  });
}

/** Stability index over counts by class, with the classes in groups. */
export function labelStabilityIndex(
  actual: readonly number[],
  expected: readonly number[],
): number {
  const groups = labelGroups(expected);
  return stabilityIndex(grouped(actual, groups), grouped(expected, groups));
}

function grouped(counts: readonly number[], groups: readonly number[]): number[] {
  const sums = Array<number>(LABEL_GROUPS).fill(0);
  groups.forEach((group, i) => (sums[group]! += counts[i] ?? 0));
  return sums;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
