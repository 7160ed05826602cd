import type * as z from 'zod/mini';
import {
  reportsResponseSchema,
  type feedbackRequestSchema,
} from '@/lib/shared/contract/statistics';
import { request, type RequestOptions } from './request';

/**
 * Tells the server that an answer was right or wrong; it counts an id once.
 *
 * @throws as `request`
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
