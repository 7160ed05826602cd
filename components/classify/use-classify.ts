'use client';

import { useEffect, useState } from 'react';
import { usePreferences } from '@/components/ui/use-preferences';
import { classifyPicture, type Classified } from '@/lib/browser/classify';
import { predictOnServer } from '@/lib/browser/client/predict';
import type { DeviceRole } from '@/lib/browser/device/find-model';
import type { RuntimeChoice } from '@/lib/browser/where';
import { getDevice } from './use-device';
import { noticeGone } from './use-model';
import { describeFailure, type Failure } from './words';

export type ClassifyState =
  | { readonly kind: 'empty' }
  | { readonly kind: 'working' }
  | { readonly kind: 'answered'; readonly classified: Classified }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface Classify {
  readonly state: ClassifyState;
  readonly picture: File | undefined;
  /** What the state is the answer to, undefined where it is none. */
  readonly question: Question | undefined;
  readonly show: (picture: File) => void;
  /** Shows a failure in place of an answer, without a picture. */
  readonly refuse: (failure: Failure) => void;
  readonly retry: () => void;
}

/** What is to be answered; the same picture once more is another question. */
export interface Question {
  readonly picture: File;
}

/** The picture on the page and its answer; a new picture or another choice starts anew. */
export function useClassify(model: string | undefined): Classify {
  const [question, setQuestion] = useState<Question>();
  const [refusal, setRefusal] = useState<Failure>();
  const state = useAnswer(question, model, 'answers');
  return {
    state: refusal ? { kind: 'failed', failure: refusal } : state,
    picture: question?.picture,
    question: refusal ? undefined : question,
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

/** A model's answer to a question, asked anew for another question, model or choice of where. */
export function useAnswer(
  question: Question | undefined,
  model: string | undefined,
  role: DeviceRole,
): ClassifyState {
  const { runtime } = usePreferences();
  const [outcome, setOutcome] = useState<{
    readonly question: Question;
    readonly runtime: RuntimeChoice;
    readonly model: string | undefined;
    readonly state: ClassifyState;
  }>();

  useEffect(() => {
    if (!question) return;
    const controller = new AbortController();
    const { signal } = controller;
    void answer(question.picture, { runtime, model, role, signal }).then((state) => {
      if (!signal.aborted) setOutcome({ question, runtime, model, state });
    });
    return () => controller.abort();
  }, [question, runtime, model, role]);

  const isAnswered =
    outcome?.question === question && outcome?.runtime === runtime && outcome?.model === model;
  const pending: ClassifyState = { kind: question ? 'working' : 'empty' };
  return isAnswered ? (outcome?.state ?? pending) : pending;
}

interface Asked {
  readonly runtime: RuntimeChoice;
  readonly model: string | undefined;
  readonly role: DeviceRole;
  readonly signal: AbortSignal;
}

async function answer(
  picture: File,
  { runtime, model, role, signal }: Asked,
): Promise<ClassifyState> {
  try {
    const classified = await classifyPicture(picture, runtime, signal, {
      device: getDevice(role),
      askServer: (asked, options) =>
        predictOnServer(asked, model === undefined ? options : { ...options, model }),
      canDecode,
      isOnline: () => navigator.onLine,
      now: () => performance.now(),
    });
    void report(classified);
    // One picture is one line of the history, whatever it was compared with.
    if (role === 'answers') void remember(classified, picture);
    return { kind: 'answered', classified };
  } catch (error) {
    noticeGone(error);
    return { kind: 'failed', failure: describeFailure(error, runtime) };
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
