import { sendFeedback } from '../client/feedback';
import { ServerError } from '../client/server-error';
import type { Feedback, HistoryStore } from './store';

const TIMEOUT_MS = 10_000;

/**
 * Sends the waiting marks. A mark stays if the server may accept it later (no network, 401, 408,
 * 429, any 5xx). A mark that the server refuses for its content, for example because the model has
 * changed, is not sent again.
 *
 * @returns whether marks are left
 */
export async function flushFeedback(
  store: Pick<HistoryStore, 'waitingFeedback' | 'finishFeedback'>,
  send: (feedback: Feedback) => Promise<void> = (feedback) =>
    sendFeedback(feedback, { timeoutMs: TIMEOUT_MS }),
): Promise<'sent' | 'kept'> {
  for (const [key, feedback] of await store.waitingFeedback()) {
    try {
      await send(feedback);
      await store.finishFeedback(key, feedback, 'sent');
    } catch (error) {
      if (!isRefusal(error)) return 'kept';
      await store.finishFeedback(key, feedback, 'refused');
    }
  }
  return 'sent';
}

function isRefusal(error: unknown): boolean {
  if (!(error instanceof ServerError) || error.failure.kind !== 'status') return false;
  const { status } = error.failure;
  return status < 500 && ![401, 408, 429].includes(status);
}
