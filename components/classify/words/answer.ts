/** Texts about an answer and its certainty. */
import type { Classified } from '@/lib/browser/client/client';
import type { UncertaintyRule } from '@/lib/shared/model/evaluation';
import { shownName } from '@/lib/shared/model/labels';
import { formatPercent } from '@/lib/shared/numbers/format';
import type { Prediction } from '@/lib/shared/vision/ranking';
import { placeName } from './place';

type Shown = Pick<Prediction, 'label' | 'name' | 'selected'>;

/**
 * "Not sure: perhaps espresso, or cup."; for a multi-label model, that a label is close to the
 * threshold.
 */
export function doubt(predictions: readonly Shown[]): string {
  if (isIndependent(predictions)) return 'Not sure: a label is close to the threshold.';
  const [first, second] = predictions.map(shownName);
  return `Not sure: perhaps ${[first, second].filter(Boolean).join(', or ')}.`;
}

/** Why an answer is uncertain, with the numbers that the page shows. */
export function doubtReason(
  predictions: readonly Pick<Prediction, 'label' | 'score' | 'selected'>[],
  rule: UncertaintyRule | undefined,
): string {
  const [first, second] = predictions;
  if (!first) return '';
  const parts = [`The first label has ${formatPercent(first.score)}`];
  if (second) parts.push(`the second ${formatPercent(second.score)}`);
  const numbers = `${parts.join(', ')}.`;
  if (first.selected !== undefined) {
    return 'Each label stands by itself, and one of them is so close to the threshold that it may be there or not.';
  }
  if (!rule) return numbers;
  if (first.score < rule.minScore) {
    return `${numbers} Below ${formatPercent(rule.minScore)} an answer of this model counts as a guess.`;
  }
  if (second && first.score - second.score < rule.minMargin) {
    return `${numbers} They are closer than ${formatPercent(rule.minMargin)}, so either may be right.`;
  }
  return `${numbers} But the picture is unlike those the model learnt from, so its numbers mean little here.`;
}

/** "3 labels below 20 % are not shown." */
export function hiddenSentence(count: number, threshold: number): string {
  const labels = count === 1 ? '1 label' : `${count} labels`;
  return `${labels} below ${Math.round(threshold * 100)} % ${count === 1 ? 'is' : 'are'} not shown.`;
}

/** Whether the answer is from a multi-label model. */
function isIndependent([first]: readonly Shown[]): boolean {
  return first?.selected !== undefined;
}

/** Largest number of selected labels in a line. */
const MAX_SELECTED = 3;

/**
 * The first label; for a multi-label model the selected labels, as in "cat, dog", or that there are
 * none. Says so if the answer is uncertain.
 */
export function answerName(predictions: readonly Shown[], uncertain: boolean): string {
  const [first] = predictions;
  if (!first) return '';
  if (!isIndependent(predictions)) return spokenLabel(first, uncertain);
  const selected = predictions.filter((prediction) => prediction.selected).map(shownName);
  const more = selected.length > MAX_SELECTED ? ` and ${selected.length - MAX_SELECTED} more` : '';
  const names = selected.slice(0, MAX_SELECTED).join(', ') + more;
  if (names === '') return uncertain ? 'Not sure: no label' : 'No label over the threshold';
  return uncertain ? `Not sure: ${names}` : names;
}

/** Whether a multi-label model selected no label. */
export function isNoLabel(predictions: readonly Shown[]): boolean {
  return isIndependent(predictions) && !predictions.some(({ selected }) => selected);
}

/**
 * "Egyptian cat, 83 percent, on the server, 12 milliseconds"; "Not sure: perhaps …" if uncertain
 */
export function announcement(classified: Classified): string {
  const [first] = classified.answer.predictions;
  if (!first) return '';
  const score = Math.round(first.score * 100);
  const elapsed = Math.round(classified.elapsedMs);
  const place = placeName(classified).toLowerCase();
  const named = answerName(classified.answer.predictions, classified.answer.uncertain);
  // A single number would not describe several labels, or none.
  const percent = isIndependent(classified.answer.predictions) ? '' : `${score} percent, `;
  return `${named}, ${percent}${place}, ${elapsed} milliseconds`;
}

/** "Egyptian cat", or "Not sure: perhaps Egyptian cat" */
export function spokenLabel(
  prediction: Pick<Prediction, 'label' | 'name'>,
  uncertain: boolean,
): string {
  const name = shownName(prediction);
  return uncertain ? `Not sure: perhaps ${name}` : name;
}
