'use client';

import { useEffect, useState, useSyncExternalStore } from 'react';
import { getPreparer } from '@/components/classify/preparer';
import { getDevice } from '@/components/classify/use-device';
import { chosenModel, noticeGone } from '@/components/classify/use-model';
import type { Classified } from '@/lib/browser/client/client';
import { canDecode } from '@/lib/browser/client/can-decode';
import type { PredictOptions } from '@/lib/browser/client/predict';
import { predictBatchPrepared } from '@/lib/browser/client/prepare/batch';
import { takeHandedOver } from '@/lib/browser/many/hand-over';
import { noteOf, readNote, rowsOf, writeNote } from '@/lib/browser/many/kept-list';
import { EMPTY_QUEUE, type Queue, type Row } from '@/lib/browser/many/queue';
import { takeSharedFiles } from '@/lib/browser/offline/shared-files';
import { ManyRunner } from '@/lib/browser/many/runner';
import { getPreferences, subscribeToPreferences } from '@/lib/browser/preferences';

const NOTE_MS = 500;

/** One for each page load; it continues while the visitor is on other pages. */
let runner: ManyRunner | undefined;

export function getRunner(): ManyRunner {
  return (runner ??= new ManyRunner({
    choice: () => getPreferences().runtime,
    device: getDevice(),
    askServer,
    canDecode,
    isOnline: () => navigator.onLine,
    now: () => performance.now(),
    later: (ms, work) => {
      const timer = setTimeout(work, ms);
      return () => clearTimeout(timer);
    },
    onAnswer: (row, classified) => void tell(row.file, classified),
  }));
}

/** History keys of the pictures answered here, so that a reload finds the answers. */
const keys = new Map<File, number>();
let noting: ReturnType<typeof setTimeout> | undefined;

/** History key of an answered picture; undefined if it has none. */
export function keyOf(file: File): number | undefined {
  return keys.get(file);
}

/**
 * Marks answers as right or wrong, in the history and for the server.
 *
 * @returns how many were marked: those that the history has
 */
export async function markRows(rows: readonly Row[], correct: boolean): Promise<number> {
  const { mark } = await import('@/lib/browser/history');
  const found = rows.flatMap(({ file }) => keys.get(file) ?? []);
  for (const key of found) await mark(key, correct);
  return found.length;
}

function noteKey(file: File, key: number): void {
  keys.set(file, key);
  noteSoon();
}

/** Writes the list once for many answers, because they come in batches. */
function noteSoon(): void {
  noting ??= setTimeout(note, NOTE_MS);
}

function note(): void {
  clearTimeout(noting);
  noting = undefined;
  writeNote(noteOf(getRunner().queue, keys));
}

/** @returns how many pictures had no answer at the reload */
async function restoreList(): Promise<number> {
  const many = getRunner();
  const noted = readNote();
  if (many.queue.rows.length > 0 || noted.rows.length === 0) return 0;
  const { historyReader } = await import('@/lib/browser/history');
  const rows = await rowsOf(noted, (key) => historyReader.entry(key));
  for (const { file, kept } of rows) if (kept !== undefined) keys.set(file, kept);
  many.restore(rows);
  return noted.open;
}

/** How many pictures had no answer at the reload. The visitor has to choose them again. */
export function useRestoredList(): number {
  const [open, setOpen] = useState(0);
  useEffect(() => {
    let stop: (() => void) | undefined;
    void restoreList()
      .then(setOpen)
      .catch(() => undefined)
      .finally(() => {
        addEventListener('pagehide', note);
        stop = getRunner().subscribe(noteSoon);
      });
    return () => {
      removeEventListener('pagehide', note);
      stop?.();
    };
  }, []);
  return open;
}

/** The pictures and their states. Adds files that were dropped on another page. */
export function useMany(): Queue {
  useEffect(() => {
    const many = getRunner();
    // A browser that refuses its caches must not lose what another page handed over.
    const shared = takeSharedFiles().catch(() => []);
    void Promise.all([takeHandedOver(), shared])
      .then((taken) => taken.flat())
      .then((files) => files.length > 0 && many.add(files));
    addEventListener('online', many.pump);
    addEventListener('offline', many.pump);
    const forget = [subscribeToPreferences(many.reconsider), getDevice().subscribe(many.pump)];
    return () => {
      removeEventListener('online', many.pump);
      removeEventListener('offline', many.pump);
      forget.forEach((stop) => stop());
    };
  }, []);
  return useSyncExternalStore(subscribe, getQueue, () => EMPTY_QUEUE);
}

const subscribe = (listener: () => void) => getRunner().subscribe(listener);
const getQueue = () => getRunner().queue;

/** Reports and stores an answer, if the visitor allows it, without delaying answers. */
async function tell(file: File, classified: Classified): Promise<void> {
  const [reports, history] = await Promise.all([
    import('@/lib/browser/reports'),
    import('@/lib/browser/history'),
  ]);
  await Promise.allSettled([
    history.remember(classified, file, (key) => noteKey(file, key)),
    reports.reportPrediction(classified),
  ]);
}

/** The whole batch is answered by the model that is chosen when it is sent. */
async function askServer(pictures: readonly File[], options: PredictOptions) {
  const model = chosenModel();
  try {
    return await predictBatchPrepared(
      getPreparer(),
      pictures,
      model === undefined ? options : { ...options, model },
    );
  } catch (error) {
    if (!noticeGone(error) || model === undefined) throw error;
    return predictBatchPrepared(getPreparer(), pictures, options);
  }
}
