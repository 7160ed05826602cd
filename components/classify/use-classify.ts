'use client';

import { useEffect, useState } from 'react';
import { usePreferences } from '@/components/ui/use-preferences';
import { Client, type Classified } from '@/lib/browser/client/client';
import type { DeviceRole } from '@/lib/browser/client/device/find-model';
import type { RuntimeChoice } from '@/lib/browser/client/where';
import { getPreparer } from './preparer';
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
    const classified = await getClient(role).predict(picture, { choice: runtime, model, signal });
    // One picture is one line of the history, whatever it was compared with.
    if (role === 'answers') void remember(classified, picture);
    return { kind: 'answered', classified };
  } catch (error) {
    noticeGone(error);
    return { kind: 'failed', failure: describeFailure(error, runtime) };
  }
}

const clients = new Map<DeviceRole, Client>();

/** One a page and role, made where there is a page. */
function getClient(role: DeviceRole): Client {
  const known = clients.get(role);
  if (known) return known;
  const client = new Client({ device: getDevice(role), preparer: getPreparer() });
  client.on('answer', ({ classified }) => void report(classified));
  clients.set(role, client);
  return client;
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
