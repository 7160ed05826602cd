/** Texts about two models' answers to one picture. */
import { shownName } from '@/lib/shared/model/labels';
import type { ClassifyState } from '../use-classify';

export interface Named {
  readonly model: string;
  readonly state: ClassifyState;
}

/** Whether both models rank the same label first; the comparison ignores case. */
export function agreementSentence(first: Named, second: Named): string {
  const states = [first.state, second.state];
  const [label, other] = states.map(firstLabel);
  if (label !== undefined && other !== undefined) {
    return label.toLowerCase() === other.toLowerCase()
      ? `The first labels agree: ${label}.`
      : `The first labels differ: ${label} and ${other}.`;
  }
  if (states.some(({ kind }) => kind === 'empty')) return 'Both models answer the same picture.';
  if (states.some(({ kind }) => kind === 'working')) return 'Waiting for both answers.';
  const answering = [first, second].find(({ state }) => state.kind === 'answered');
  return answering
    ? `Only ${answering.model} answered, so there is nothing to compare.`
    : 'Neither model answered.';
}

function firstLabel(state: ClassifyState): string | undefined {
  const first = state.kind === 'answered' ? state.classified.answer.predictions[0] : undefined;
  return first && shownName(first);
}
