import { useEffect, useState } from 'react';
import type { Classified } from '@/lib/browser/client/client';
import { explainOnServer } from '@/lib/browser/client/predict';
import type { Explanation } from '@/lib/shared/vision/explain/heat-map';
import { getDevice } from '../use-device';

const TIMEOUT_MS = 60_000;

export type ExplanationState =
  | { readonly kind: 'off' }
  | { readonly kind: 'working'; readonly done: number; readonly total: number }
  | { readonly kind: 'explained'; readonly explanation: Explanation }
  | { readonly kind: 'failed' };

export interface Explaining {
  readonly state: ExplanationState;
  /** The explained class; undefined if no explanation is shown. */
  readonly index: number | undefined;
  readonly explain: (index: number) => void;
  readonly stop: () => void;
  /** Opacity of the map, 0 to 1. */
  readonly opacity: number;
  readonly setOpacity: (opacity: number) => void;
}

/** The picture and answer to explain. A new answer is a new question. */
interface Question {
  readonly classified: Classified;
  readonly index: number;
}

const OFF: ExplanationState = { kind: 'off' };
const BEGUN: ExplanationState = { kind: 'working', done: 0, total: 0 };

/** The heat map of a label, computed where the answer was computed: on the server or the device. */
export function useExplanation(
  picture: File | undefined,
  classified: Classified | undefined,
): Explaining {
  const [opacity, setOpacity] = useState(0.7);
  const [question, setQuestion] = useState<Question>();
  const [outcome, setOutcome] = useState<{ question: Question; state: ExplanationState }>();
  const current = question && question.classified === classified ? question : undefined;

  useEffect(() => {
    if (!current || !picture) return;
    const controller = new AbortController();
    const tell = (state: ExplanationState) => {
      if (!controller.signal.aborted) setOutcome({ question: current, state });
    };
    const onProgress = (done: number, total: number) => tell({ kind: 'working', done, total });
    compute(picture, current, controller.signal, onProgress).then(
      (explanation) => tell({ kind: 'explained', explanation }),
      () => tell({ kind: 'failed' }),
    );
    return () => controller.abort();
  }, [picture, current]);

  const known = outcome && outcome.question === current ? outcome.state : BEGUN;
  return {
    state: current ? known : OFF,
    index: current?.index,
    explain: (index) => classified && setQuestion({ classified, index }),
    stop: () => setQuestion(undefined),
    opacity,
    setOpacity,
  };
}

function compute(
  picture: File,
  { classified, index }: Question,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<Explanation> {
  if (classified.on === 'device')
    return getDevice().explain(picture, index, { signal, onProgress });
  const model = classified.answer.model.id;
  return explainOnServer(picture, index, { model, signal, timeoutMs: TIMEOUT_MS });
}
