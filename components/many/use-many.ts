'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { getPreparer } from '@/components/classify/preparer';
import { getDevice } from '@/components/classify/use-device';
import { chosenModel, noticeGone } from '@/components/classify/use-model';
import type { Classified } from '@/lib/browser/client/client';
import { canDecode } from '@/lib/browser/client/can-decode';
import type { PredictOptions } from '@/lib/browser/client/predict';
import { predictBatchPrepared } from '@/lib/browser/client/prepare/batch';
import { takeHandedOver } from '@/lib/browser/many/hand-over';
import { EMPTY_QUEUE, type Queue } from '@/lib/browser/many/queue';
import { ManyRunner } from '@/lib/browser/many/runner';
import { getPreferences, subscribeToPreferences } from '@/lib/browser/preferences';

/** One a page; it goes on while the visitor looks at other pages of ours. */
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
    onAnswer: (file, classified) => void tell(file, classified),
  }));
}

/** The pictures and what became of them; what was dropped on another page is taken up. */
export function useMany(): Queue {
  useEffect(() => {
    const many = getRunner();
    void takeHandedOver()
      .then((files) => files.length > 0 && many.add(files))
      // A private window may refuse the storage; files can be dropped here just as well.
      .catch(() => undefined);
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

/** Into the reports and the history, as far as the visitor wants; never in the way of answers. */
async function tell(file: File, classified: Classified): Promise<void> {
  const [reports, history] = await Promise.all([
    import('@/lib/browser/reports'),
    import('@/lib/browser/history'),
  ]);
  await Promise.allSettled([
    history.remember(classified, file),
    reports.reportPrediction(classified),
  ]);
}

/** The model that is chosen when a batch goes out answers all of it. */
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
