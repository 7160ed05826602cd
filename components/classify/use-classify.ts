'use client';

import { useEffect, useState } from 'react';
import { usePreferences } from '@/components/ui/use-preferences';
import { classifyPicture, type Classified } from '@/lib/browser/classify';
import { predictOnServer, ServerError } from '@/lib/browser/client/predict';
import type { RuntimeChoice } from '@/lib/browser/where';
import { getDevice } from './use-device';
import { refreshModels } from './use-model';
import { describeFailure, type Failure } from './words';

export type ClassifyState =
  | { readonly kind: 'empty' }
  | { readonly kind: 'working' }
  | { readonly kind: 'answered'; readonly classified: Classified }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface Classify {
  readonly state: ClassifyState;
  readonly picture: File | undefined;
  readonly show: (picture: File) => void;
  /** Shows a failure in place of an answer, without a picture. */
  readonly refuse: (failure: Failure) => void;
  readonly retry: () => void;
}

/** What is to be answered; the same picture once more is another question. */
interface Question {
  readonly picture: File;
}

/** The picture on the page and its answer; a new picture or another choice starts anew. */
export function useClassify(model: string | undefined): Classify {
  const { runtime } = usePreferences();
  const [question, setQuestion] = useState<Question>();
  const [refusal, setRefusal] = useState<Failure>();
  const [outcome, setOutcome] = useState<{
    readonly question: Question;
    readonly runtime: RuntimeChoice;
    readonly model: string | undefined;
    readonly state: ClassifyState;
  }>();

  useEffect(() => {
    if (!question) return;
    const controller = new AbortController();
    void answer(question.picture, runtime, model, controller.signal).then((state) => {
      if (!controller.signal.aborted) setOutcome({ question, runtime, model, state });
    });
    return () => controller.abort();
  }, [question, runtime, model]);

  const isAnswered =
    outcome?.question === question && outcome?.runtime === runtime && outcome?.model === model;
  const pending: ClassifyState = { kind: question ? 'working' : 'empty' };
  const current = isAnswered ? (outcome?.state ?? pending) : pending;
  return {
    state: refusal ? { kind: 'failed', failure: refusal } : current,
    picture: question?.picture,
    show: (picture) => {
      setRefusal(undefined);
      setQuestion({ picture });
    },
    refuse: setRefusal,
    retry: () => {
      setRefusal(undefined);
      if (question) setQuestion({ ...question });
    },
  };
}

async function answer(
  picture: File,
  choice: RuntimeChoice,
  model: string | undefined,
  signal: AbortSignal,
): Promise<ClassifyState> {
  try {
    const classified = await classifyPicture(picture, choice, signal, {
      device: getDevice(),
      askServer: (asked, options) =>
        predictOnServer(asked, model === undefined ? options : { ...options, model }),
      canDecode,
      isOnline: () => navigator.onLine,
      now: () => performance.now(),
    });
    void report(classified);
    void remember(classified, picture);
    return { kind: 'answered', classified };
  } catch (error) {
    // The model went away since the page asked which there are.
    if (error instanceof ServerError && error.problem?.type === 'not-found') refreshModels();
    return { kind: 'failed', failure: describeFailure(error, choice) };
  }
}

/** Comes after the answer and never in its way. */
async function report(classified: Classified): Promise<void> {
  const { reportPrediction } = await import('@/lib/browser/reports');
  await reportPrediction(classified).catch(() => undefined);
}

/** Into this browser's history, if the visitor wants one. */
async function remember(classified: Classified, picture: File): Promise<void> {
  const history = await import('@/lib/browser/history');
  await history.remember(classified, picture).catch(() => undefined);
}

async function canDecode(picture: Blob): Promise<boolean> {
  try {
    (await createImageBitmap(picture)).close();
    return true;
  } catch {
    return false;
  }
}
