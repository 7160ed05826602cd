import type { Report, ReportQueue } from './queue';

/** Largest number of reports that the server accepts per request. */
export const MAX_BATCH = 500;
const TIMEOUT_MS = 10_000;

export type Flushed = 'sent' | 'kept';

/**
 * Sends the waiting reports, oldest first. A report stays if the server may accept it later (no
 * network, 401 until the visitor signs in, 429, any 5xx). A report that the server refuses for its
 * content is deleted. The server counts each id once, so sending a batch again after a lost answer
 * is harmless.
 */
export async function flushReports(
  queue: Pick<ReportQueue, 'peek' | 'remove'>,
  post: (reports: readonly Report[]) => Promise<number> = postReports,
): Promise<Flushed> {
  for (;;) {
    const { keys, reports } = await queue.peek(MAX_BATCH);
    if (keys.length === 0) return 'sent';
    const status = await post(reports).catch(() => undefined);
    if (status === undefined || isPassing(status)) return 'kept';
    await queue.remove(keys);
  }
}

function isPassing(status: number): boolean {
  return [401, 408, 429].includes(status) || status >= 500;
}

/** @returns the HTTP status of the answer */
async function postReports(reports: readonly Report[]): Promise<number> {
  const response = await fetch('/api/predictions/report', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ reports }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return response.status;
}
