'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { usePreferences } from '@/components/ui/use-preferences';
import { classifyPicture, type Classified } from '@/lib/browser/classify';
import { predictOnServer } from '@/lib/browser/client/predict';
import type { RuntimeChoice } from '@/lib/browser/where';
import { getDevice } from './use-device';
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
}

/** The picture on the page and its answer; a new picture or another choice starts anew. */
export function useClassify(): Classify {
  const { runtime } = usePreferences();
  const [picture, show] = useState<File>();
  const [state, setState] = useState<ClassifyState>({ kind: 'empty' });
  const running = useRef<AbortController>(undefined);

  const classify = useCallback(async (file: File, choice: RuntimeChoice) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setState({ kind: 'working' });
    const next = await answer(file, choice, controller.signal);
    if (!controller.signal.aborted) setState(next);
  }, []);

  useEffect(() => {
    if (picture) void classify(picture, runtime);
    return () => running.current?.abort();
  }, [picture, runtime, classify]);

  const refuse = useCallback((failure: Failure) => {
    running.current?.abort();
    setState({ kind: 'failed', failure });
  }, []);

  return { state, picture, show, refuse };
}

async function answer(
  picture: File,
  choice: RuntimeChoice,
  signal: AbortSignal,
): Promise<ClassifyState> {
  try {
    const classified = await classifyPicture(picture, choice, signal, {
      device: getDevice(),
      askServer: predictOnServer,
      isOnline: () => navigator.onLine,
      now: () => performance.now(),
    });
    return { kind: 'answered', classified };
  } catch (error) {
    return { kind: 'failed', failure: describeFailure(error, choice) };
  }
}
