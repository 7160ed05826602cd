'use client';

import { useEffect, useState } from 'react';
import { usePreferences } from '@/components/ui/use-preferences';
import type { RuntimeChoice } from '@/lib/browser/client/where';
import { useAnswer, type ClassifyState, type Question } from '../use-classify';
import { getDevice, usePreparedDevice } from '../use-device';

export interface Comparison {
  readonly state: ClassifyState;
  readonly retry: () => void;
}

/** A question for the second model, with the first model's outcome. */
interface Second extends Question {
  readonly after: Question;
  readonly runtime: RuntimeChoice;
}

/**
 * The second model's answer to the first model's question. The second model is asked only when the
 * first has answered or failed, so that the first never waits.
 */
export function useComparison(
  question: Question | undefined,
  isFirstFinished: boolean,
  model: string,
): Comparison {
  const { runtime } = usePreferences();
  const [second, setSecond] = useState<Second>();
  const isAsked = second?.after === question && second?.runtime === runtime;
  if (question && isFirstFinished && !isAsked) {
    setSecond({ picture: question.picture, after: question, runtime });
  }
  useEffect(() => {
    getDevice('compared').useModel(model);
    return () => getDevice('compared').useModel(undefined);
  }, [model]);
  const answer = useAnswer(isAsked ? second : undefined, model, 'compared');
  const [hasAnswer, setHasAnswer] = useState(false);
  if (answer.kind === 'answered' && !hasAnswer) setHasAnswer(true);
  usePreparedDevice(hasAnswer, model, 'compared');

  const isWaiting = question !== undefined && !isAsked;
  return {
    state: isWaiting ? { kind: 'working' } : answer,
    retry: () => second && setSecond({ ...second }),
  };
}
