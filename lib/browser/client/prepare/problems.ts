import type { ProblemType } from '@/lib/shared/contract/problems';
import { ServerError } from '../server-error';

/** Problems of a prepared picture that the whole file may not have. */
const OF_PREPARATION: ReadonlySet<ProblemType> = new Set([
  // A server that does not know the parameter says so.
  'invalid-request',
  'stale-preparation',
  'unsupported-image',
  'wrong-size',
]);

/** Whether the server may take the file although it refused what was prepared of it. */
export function isAboutPreparation(error: unknown): boolean {
  if (!(error instanceof ServerError) || error.problem === undefined) return false;
  return OF_PREPARATION.has(error.problem.type);
}
