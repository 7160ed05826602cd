import { closest, distance } from 'fastest-levenshtein';

/** Largest edit distance at which a name still counts as a typing error. */
const MAX_DISTANCE = 3;

/**
 * The known name that was probably meant. The comparison ignores case, `-` and `_`.
 *
 * @returns undefined if no name is close: more than 3 characters, or more than a third of them,
 *   differ
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const plainNames = known.map(plain);
  const nearest = closest(plain(name), plainNames);
  const limit = Math.min(MAX_DISTANCE, Math.ceil(nearest.length / 3));
  if (distance(plain(name), nearest) > limit) return undefined;
  return known[plainNames.indexOf(nearest)];
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}
