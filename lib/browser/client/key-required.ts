/** Tells the page that its session has ended; other pages that use the client have none. */
import type { Problem } from '@/lib/shared/contract/problems';

const listeners = new Set<() => void>();

/**
 * Calls back each time the server answers that a key is needed.
 *
 * @returns how to stop
 */
export function onKeyRequired(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function noticeKeyRequired(problem: Pick<Problem, 'type'> | undefined): void {
  if (problem?.type === 'key-required') listeners.forEach((listener) => listener());
}
