'use client';

import { useEffect, useState, useSyncExternalStore } from 'react';
import { usePreferences } from '@/components/ui/use-preferences';
import { Client, type Classified } from '@/lib/browser/client/client';
import type { DeviceRole } from '@/lib/browser/client/device/find-model';
import type { RuntimeChoice } from '@/lib/browser/client/where';
import { getPreferences } from '@/lib/browser/preferences';
import { forgetShown, noteShown, shownBefore } from '@/lib/browser/shown';
import { getPreparer } from './preparer';
import { getDevice } from './use-device';
import { noticeGone } from './use-model';
import { CANCELLED, describeFailure, type Failure } from './words/failure';

export type ClassifyState =
  | { readonly kind: 'empty' }
  | { readonly kind: 'working' }
  | { readonly kind: 'answered'; readonly classified: Classified }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface Classify {
  readonly state: ClassifyState;
  readonly picture: File | undefined;
  /** The question of the shown answer; undefined without one. */
  readonly question: Question | undefined;
  /** The picture that was shown before this one, or before the page was cleared. */
  readonly previous: File | undefined;
  /** Key of the answer in the history, once it is stored. */
  readonly historyKey: number | undefined;
  readonly show: (picture: File) => void;
  /** Shows a failure in place of an answer, without a picture. */
  readonly refuse: (failure: Failure) => void;
  readonly retry: () => void;
  /** Cancels the running classification; the picture stays. */
  readonly cancel: () => void;
  /** Removes the picture, and cancels the running classification. */
  readonly clear: () => void;
  /** Brings the previous picture back with its answer. */
  readonly undo: () => void;
}

/** A picture to classify; the same picture chosen again is a new question. */
export interface Question {
  readonly picture: File;
}

interface Outcome {
  readonly runtime: RuntimeChoice;
  readonly model: string | undefined;
  readonly state: ClassifyState;
}

/** Answers of this visit: a question that is shown again is neither sent nor counted twice. */
const outcomes = new WeakMap<Question, Outcome>();

/** The shown state; it is restored after a visit to another page. */
let shown: { readonly question?: Question | undefined; readonly previous?: Question | undefined } =
  {};

interface InHistory {
  readonly picture: File;
  readonly key: number;
}

/** History keys of the newest answers of this visit. */
const NO_KEYS: readonly InHistory[] = [];
const MOST_KEYS = 8;
let keysInHistory = NO_KEYS;
const keyListeners = new Set<() => void>();

function noteInHistory(picture: File, key: number): void {
  keysInHistory = [{ picture, key }, ...keysInHistory].slice(0, MOST_KEYS);
  keyListeners.forEach((listener) => listener());
}

function subscribeToKeys(listener: () => void): () => void {
  keyListeners.add(listener);
  return () => keyListeners.delete(listener);
}

const readHistory = () =>
  import('@/lib/browser/history').then(({ historyReader }) => historyReader);

/**
 * The picture on the page and its answer. A new picture or another choice starts a new question.
 */
export function useClassify(model: string | undefined): Classify {
  const [{ question, previous }, setShown] = useState(shown);
  const [refusal, setRefusal] = useState<Failure>();
  const [cancelled, setCancelled] = useState<Question>();
  const asked = question === cancelled ? undefined : question;
  const state = useAnswer(asked, model, 'answers');
  const keys = useSyncExternalStore(
    subscribeToKeys,
    () => keysInHistory,
    () => NO_KEYS,
  );

  const change = (next: Question | undefined) => {
    setRefusal(undefined);
    shown = { question: next, previous: question ?? previous };
    setShown(shown);
    if (!next) forgetShown();
  };

  useEffect(() => {
    if (shown.question) return;
    let isStale = false;
    void shownBefore(readHistory).then((before) => {
      // If the visitor has chosen a picture before the storage answered, that one stays.
      if (isStale || !before || shown.question) return;
      const { runtime } = getPreferences();
      const again = { picture: before.picture };
      outcomes.set(again, {
        runtime,
        model,
        state: { kind: 'answered', classified: before.classified },
      });
      noteInHistory(before.picture, before.key);
      shown = { question: again };
      setShown(shown);
    });
    return () => {
      isStale = true;
    };
  }, [model]);

  return {
    state: refusal ? { kind: 'failed', failure: refusal } : state,
    picture: question?.picture,
    question: refusal ? undefined : asked,
    previous: previous?.picture,
    historyKey: keys.find(({ picture }) => picture === question?.picture)?.key,
    show: (picture) => change({ picture }),
    refuse: setRefusal,
    retry: () => {
      setRefusal(undefined);
      if (!question) return;
      shown = { ...shown, question: { ...question } };
      setShown(shown);
    },
    cancel: () => {
      setCancelled(question);
      setRefusal(CANCELLED);
    },
    clear: () => change(undefined),
    undo: () => {
      setRefusal(undefined);
      shown = { question: previous, previous: question };
      setShown(shown);
    },
  };
}

/** A model's answer to a question. Asks again if the question, the model or the runtime changes. */
export function useAnswer(
  question: Question | undefined,
  model: string | undefined,
  role: DeviceRole,
): ClassifyState {
  const { runtime } = usePreferences();
  const [, setAnswers] = useState(0);
  const known = role === 'answers' ? question && outcomes.get(question) : undefined;
  const [own, setOwn] = useState<{ readonly question: Question; readonly outcome: Outcome }>();
  const outcome = known ?? (own?.question === question ? own?.outcome : undefined);
  const isAnswered = outcome?.runtime === runtime && outcome.model === model;

  useEffect(() => {
    if (!question || isAnswered) return;
    const controller = new AbortController();
    const { signal } = controller;
    void answer(question.picture, { runtime, model, role, signal }).then((state) => {
      if (signal.aborted) return;
      const next = { runtime, model, state };
      if (role === 'answers') outcomes.set(question, next);
      setOwn({ question, outcome: next });
      setAnswers((before) => before + 1);
    });
    return () => controller.abort();
  }, [question, runtime, model, role, isAnswered]);

  return isAnswered ? outcome.state : { kind: question ? 'working' : 'empty' };
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
    // A picture has one entry in the history, with or without a second model.
    if (role === 'answers' && !signal.aborted) void remember(classified, picture);
    return { kind: 'answered', classified };
  } catch (error) {
    noticeGone(error);
    return { kind: 'failed', failure: describeFailure(error, runtime) };
  }
}

const clients = new Map<DeviceRole, Client>();

/** The client of a role, created on the first call in the browser. */
function getClient(role: DeviceRole): Client {
  const known = clients.get(role);
  if (known) return known;
  const client = new Client({ device: getDevice(role), preparer: getPreparer() });
  client.on('answer', ({ classified }) => void report(classified));
  clients.set(role, client);
  return client;
}

/** Reports after the answer is shown, so that it does not delay it. */
async function report(classified: Classified): Promise<void> {
  const { reportPrediction } = await import('@/lib/browser/reports');
  await reportPrediction(classified).catch(() => undefined);
}

/** Adds the answer to this browser's history, if the visitor allows it. */
async function remember(classified: Classified, picture: File): Promise<void> {
  const history = await import('@/lib/browser/history');
  forgetShown();
  const onKey = (key: number) => noteInHistory(picture, key);
  const key = await history.remember(classified, picture, onKey).catch(() => undefined);
  if (key !== undefined && shown.question?.picture === picture) noteShown(key);
}
