/** Says why the server did not answer. */
import type { ServerFailure } from '@/lib/browser/client/where';
import { formatDuration } from '@/lib/shared/numbers/format';

/** "The server was busy (503)." */
export function serverFailureSentence(failure: ServerFailure): string {
  if (failure.kind === 'network') return 'The server could not be reached.';
  if (failure.kind === 'timeout') {
    return `The server did not answer within ${formatDuration(failure.timeoutMs)}.`;
  }
  if (failure.status === 429) return 'The server limits how much it answers (429).';
  return failure.status === 415
    ? 'The server does not read this format.'
    : serverErrorSentence(failure);
}

function serverErrorSentence({ status }: { readonly status: number }): string {
  if (status === 503) return 'The server was busy (503).';
  if (status === 413) return 'The picture is larger than may be sent to the server (413).';
  return status === 502 || status === 504
    ? `The server was not there (${status}).`
    : `The server had a fault (${status}).`;
}
