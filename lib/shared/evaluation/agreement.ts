/** Largest allowed difference of a class's probability between two runs of the same model. */
export const TOLERANCE = 0.02;

export interface Agreement {
  /** The largest over all classes and pictures. */
  readonly maxScoreDifference: number;
  /**
   * Whether the first labels are equal on every picture where the first label leads by more than
   * the tolerance.
   */
  readonly sameTop1: boolean;
  readonly agrees: boolean;
}

/**
 * Compares two runs over the same pictures; each run has one list of probabilities per picture.
 *
 * @throws RangeError if the runs differ in the number of pictures or classes
 */
export function measureAgreement(
  full: readonly ArrayLike<number>[],
  other: readonly ArrayLike<number>[],
): Agreement {
  assertEqualLength('pictures', full, other);
  let maxScoreDifference = 0;
  let sameTop1 = true;
  full.forEach((scores, picture) => {
    const others = other[picture]!;
    assertEqualLength('classes', scores, others);
    for (let i = 0; i < scores.length; i++) {
      maxScoreDifference = Math.max(maxScoreDifference, Math.abs(scores[i]! - others[i]!));
    }
    const { first, lead } = leadOf(scores);
    if (lead > TOLERANCE && leadOf(others).first !== first) sameTop1 = false;
  });
  return {
    maxScoreDifference,
    sameTop1,
    agrees: sameTop1 && maxScoreDifference <= TOLERANCE,
  };
}

/** The class with the highest score, and its lead over the second highest. */
function leadOf(scores: ArrayLike<number>): { first: number; lead: number } {
  let first = 0;
  let second = -Infinity;
  for (let i = 1; i < scores.length; i++) {
    if (scores[i]! > scores[first]!) {
      second = scores[first]!;
      first = i;
    } else {
      second = Math.max(second, scores[i]!);
    }
  }
  return { first, lead: scores[first]! - second };
}

function assertEqualLength(what: string, a: ArrayLike<unknown>, b: ArrayLike<unknown>): void {
  if (a.length === b.length) return;
  throw new RangeError(`expected ${a.length} ${what}, received ${b.length}`);
}
