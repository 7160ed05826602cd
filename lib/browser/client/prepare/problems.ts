import { ServerError } from '../server-error';

/** Problems of an answer that the whole file may not have. */
const OF_PREPARATION: ReadonlySet<number> = new Set([400, 409, 415, 422]);

/** Whether the server may take the file although it refused what was prepared of it. */
export function isAboutPreparation(error: unknown): boolean {
  if (!(error instanceof ServerError) || error.failure.kind !== 'status') return false;
  return OF_PREPARATION.has(error.failure.status);
}
