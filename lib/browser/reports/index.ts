/** The page's interface to the reports: add one, send those that wait, delete all. */
import type { Classified } from '../client/client';
import { getPreferences } from '../preferences';
import { ReportQueue } from './queue';
import { toReport } from './report';
import { flushReports } from './send';

const RETRY_MS = 30_000;

const queue = new ReportQueue();
let retry: ReturnType<typeof setTimeout> | undefined;

/** Reports an answer of this device to the server, now or later, if the visitor allows it. */
export async function reportPrediction(classified: Classified): Promise<void> {
  const report = toReport(classified, getPreferences().reports, new Date());
  if (!report) return;
  await queue.add(report);
  await sendReports();
}

/**
 * Sends the waiting reports, in one tab at a time. Reports that cannot be sent are tried again
 * later.
 */
export async function sendReports(): Promise<void> {
  clearTimeout(retry);
  if (getPreferences().reports === 'none') return queue.clear();
  if ((await queue.count()) === 0) return;
  const flushed = navigator.onLine ? await withLock(() => flushReports(queue)) : 'kept';
  if (flushed === 'kept') retry = setTimeout(() => void sendReports().catch(ignore), RETRY_MS);
}

/**
 * Sends the waiting reports now, and again when the browser comes online.
 *
 * @returns a function that stops it
 */
export function keepSendingReports(): () => void {
  const send = () => void sendReports().catch(ignore);
  send();
  addEventListener('online', send);
  return () => {
    removeEventListener('online', send);
    clearTimeout(retry);
  };
}

export function countReports(): Promise<number> {
  return queue.count();
}

export function clearReports(): Promise<void> {
  return queue.clear();
}

/** Locks exist only on secure pages. Without a lock, the server still counts each id once. */
async function withLock<T>(work: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return work();
  return navigator.locks.request('sightline-reports', work);
}

/** If storage is refused, answers must still work. */
const ignore = () => undefined;
