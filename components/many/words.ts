/** Texts of the page `/many`. Pure functions, so that every sentence has a test. */
import { describeFailure, type Failure } from '@/components/classify/words/failure';
import { MAX_ROWS, type Queue, type Row, type RowState } from '@/lib/browser/many/queue';
import { OversizeError, UnreadableError } from '@/lib/browser/many/runner';
import type { Counts } from '@/lib/browser/many/view';
import { DeviceError } from '@/lib/browser/client/device/worker-bridge';
import type { RuntimeChoice, ServerFailure } from '@/lib/browser/client/where';

export function pictures(count: number): string {
  return count === 1 ? '1 picture' : `${count.toLocaleString('en')} pictures`;
}

/** Describes the error of a row: a title, and what to do about it. */
export function describeRowFailure(error: Error, choice: RuntimeChoice): Failure {
  if (error instanceof UnreadableError) {
    return {
      title: 'This file can no longer be read',
      detail: 'It was moved, changed or deleted after you chose it. Choose it again.',
    };
  }
  if (error instanceof OversizeError) {
    return {
      title: 'This file is larger than 64 MB',
      detail: 'So large a file is not sent. Save the picture smaller.',
      canRetry: false,
    };
  }
  return describeFailure(error, choice);
}

/** Whether another try can help; false for a file that cannot be read at all. */
export function canRetry({ state }: Pick<Row, 'state'>, choice: RuntimeChoice): boolean {
  if (state.kind === 'cancelled') return true;
  if (state.kind !== 'failed') return false;
  const { error } = state;
  // The server failed or was not asked, and it may read what the device cannot.
  const isServerLeft = error instanceof DeviceError && choice !== 'device';
  return isServerLeft || describeRowFailure(error, choice).canRetry !== false;
}

/** “96 of 100 answered, 4 failed” */
export function progressSentence({ all, answered, failed, cancelled, open }: Counts): string {
  const parts = [`${answered.toLocaleString('en')} of ${pictures(all)} answered`];
  if (failed > 0) parts.push(`${failed.toLocaleString('en')} failed`);
  if (cancelled > 0) parts.push(`${cancelled.toLocaleString('en')} cancelled`);
  if (open > 0) parts.push(`${open.toLocaleString('en')} to go`);
  return parts.join(', ');
}

/** Why the server is not asked now; empty if it is. */
export function pauseSentence({ pause }: Queue, choice: RuntimeChoice, nowMs: number): string {
  if (!pause || pause.untilMs <= nowMs || choice === 'device') return '';
  const meanwhile =
    choice === 'server' ? 'It is asked again in a while.' : 'This device answers in the meantime.';
  return `${pauseReason(pause.failure)} ${meanwhile}`;
}

function pauseReason(failure: ServerFailure): string {
  if (failure.kind === 'network') return 'The server cannot be reached.';
  if (failure.kind === 'timeout') return 'The server takes too long.';
  if (failure.status === 429) return 'The server limits how much it answers (429).';
  return failure.status === 503
    ? 'The server is busy (503).'
    : `The server cannot answer now (${failure.status}).`;
}

const STATE_WORDS: Record<RowState['kind'], string> = {
  waiting: 'Waits',
  working: 'Under way',
  answered: 'Answered',
  failed: 'No answer',
  cancelled: 'Cancelled',
};

/** The state of a picture, in one or two words. */
export function stateWords(kind: RowState['kind']): string {
  return STATE_WORDS[kind];
}

/** “12 marked as right”; without a history, that nothing could be marked. */
export function markedSentence(count: number, correct: boolean): string {
  if (count === 0) return 'nothing could be marked, for no history is kept';
  return `${count.toLocaleString('en')} marked as ${correct ? 'right' : 'wrong'}`;
}

/** How many files of a drop were left out; empty if none were. */
export function leftOutSentence(count: number): string {
  if (count <= 0) return '';
  return `${pictures(count)} ${count === 1 ? 'was' : 'were'} left out: ${MAX_ROWS.toLocaleString('en')} are taken at a time.`;
}

/** How many pictures had no answer at the reload. */
export function unansweredSentence(count: number): string {
  return `${pictures(count)} had no answer when this page was loaded anew. Choose ${count === 1 ? 'it' : 'them'} again.`;
}
