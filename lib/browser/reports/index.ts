/** The page's door to the reports: add one, send what waits, forget all. */
import type { Classified } from '../client/client';
import { getPreferences } from '../preferences';
import { ReportQueue } from './queue';
import { toReport } from './report';
import { flushReports } from './send';

const RETRY_MS = 30_000;

const queue = new ReportQueue();
let retry: ReturnType<typeof setTimeout> | undefined;

/** Reports an answer of this device to the server, if the visitor allows it: now or later. */
export async function reportPrediction(classified: Classified): Promise<void> {
  const report = toReport(classified, getPreferences().reports, new Date());
  if (!report) return;
  await queue.add(report);
  await sendReports();
}

/** Sends what waits, in one tab at a time; what cannot be sent is tried again after a while. */
export async function sendReports(): Promise<void> {
  clearTimeout(retry);
  if (getPreferences().reports === 'none') return queue.clear();
  if ((await queue.count()) === 0) return;
  const flushed = navigator.onLine ? await withLock(() => flushReports(queue)) : 'kept';
  if (flushed === 'kept') retry = setTimeout(() => void sendReports().catch(ignore), RETRY_MS);
}

/**
 * Sends waiting reports now, and again when the browser comes online.
 *
 * @returns how to stop
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

/** Locks exist on secure pages only; elsewhere the server counts an id once all the same. */
async function withLock<T>(work: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return work();
  return navigator.locks.request('sightline-reports', work);
}

/** Storage that is refused must not get in the way of an answer. */
const ignore = () => undefined;
