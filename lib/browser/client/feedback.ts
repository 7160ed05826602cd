import type * as z from 'zod/mini';
import {
  reportsResponseSchema,
  type feedbackRequestSchema,
} from '@/lib/shared/contract/statistics';
import { request, type RequestOptions } from './request';

/**
 * Reports to the server whether an answer was right. The server counts each id once.
 *
 * @throws as `request` does
 */
export async function sendFeedback(
  feedback: z.infer<typeof feedbackRequestSchema>,
  options: RequestOptions,
): Promise<void> {
  const init = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(feedback),
  };
  await request('/api/feedback', init, reportsResponseSchema, options);
}
