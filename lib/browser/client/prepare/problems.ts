import type { ProblemType } from '@/lib/shared/contract/problems';
import { ServerError } from '../server-error';

/** Problems that a prepared picture can have although the whole file has none. */
const OF_PREPARATION: ReadonlySet<ProblemType> = new Set([
  // An older server answers this, because it does not know the parameter.
  'invalid-request',
  'stale-preparation',
  'unsupported-image',
  'wrong-size',
]);

/** Whether the server may accept the file although it refused the prepared picture. */
export function isAboutPreparation(error: unknown): boolean {
  if (!(error instanceof ServerError) || error.problem === undefined) return false;
  return OF_PREPARATION.has(error.problem.type);
}
