/**
 * Notifies the page that its session has ended. Other pages that use the client have no session.
 */
import type { Problem } from '@/lib/shared/contract/problems';

const listeners = new Set<() => void>();

/**
 * Calls `listener` each time the server answers that a key is required.
 *
 * @returns a function that stops listening
 */
export function onKeyRequired(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function noticeKeyRequired(problem: Pick<Problem, 'type'> | undefined): void {
  if (problem?.type === 'key-required') listeners.forEach((listener) => listener());
}
