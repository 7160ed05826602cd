import { closest, distance } from 'fastest-levenshtein';

/** Characters that may differ for a name to be taken as a slip of another. */
const MAX_DISTANCE = 3;

/**
 * The known name that somebody probably meant, compared without case, `-` and `_`.
 *
 * @returns undefined where none is near: more than a third of its characters differ, or more than 3
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
