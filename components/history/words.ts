/** Texts of the page `/history`. Pure functions, so that every sentence has a test. */
import type { HistoryEntry } from '@/lib/browser/history/entry';
import type { RuntimeChoice } from '@/lib/browser/client/where';
import { selectedOf } from '@/lib/shared/vision/ranking';

export function answers(count: number): string {
  return count === 1 ? '1 answer' : `${count.toLocaleString('en')} answers`;
}

export function countSentence(total: number, found: number, query: string): string {
  return query.trim() === ''
    ? answers(total)
    : `${found.toLocaleString('en')} of ${answers(total)}`;
}

const time = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });
const dayAndYear = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/** The time; with the date if it was not today, and with the year if it was not this year. */
export function when(atMs: number, nowMs: number): string {
  const [at, now] = [new Date(atMs), new Date(nowMs)];
  if (at.toDateString() === now.toDateString()) return `Today, ${time.format(at)}`;
  const date = at.getFullYear() === now.getFullYear() ? day.format(at) : dayAndYear.format(at);
  return `${date}, ${time.format(at)}`;
}

/**
 * The question that a mark answers. For a multi-label model: whether all selected labels are right.
 */
export function markQuestion({ classified }: HistoryEntry): string {
  const selected = selectedOf(classified.answer.predictions);
  if (selected === undefined) return 'Is the first label right?';
  return selected.length === 0 ? 'Is it right that no label fits?' : 'Are these labels right?';
}

/** Says what happened to a mark. */
export function markSentence({ mark, classified }: HistoryEntry): string {
  switch (mark?.state) {
    case undefined:
      return selectedOf(classified.answer.predictions) === undefined
        ? 'The server is told the label and right or wrong, never the picture.'
        : 'It is about all labels over the threshold. The server is told them and right or wrong, never the picture.';
    case 'waiting':
      return 'Kept here until the server can be told. You may still change it.';
    case 'sent':
      return 'The server has counted it.';
    case 'refused':
      return 'The server no longer knows this model or label, so it was not counted.';
  }
}

/** Says that another model answered the second time; undefined if it was the same. */
export function otherModelSentence({ classified, again }: HistoryEntry): string | undefined {
  const { id } = classified.answer.model;
  const second = again?.answer.model.id;
  if (second === undefined || second === id) return undefined;
  return `${id} answered the first time, ${second} the second.`;
}

/** Why the picture cannot be classified again; undefined if it can. */
export function whyNotAgain(
  { classified }: HistoryEntry,
  hasPicture: boolean,
  choice: RuntimeChoice,
): string | undefined {
  if (!hasPicture) {
    return 'Only the thumbnail is still here: newer pictures took its place. Drop the picture again to have it classified again.';
  }
  if (classified.on === 'device' && choice === 'device') {
    return 'You chose “This device”, so the picture is not sent to the server.';
  }
  return undefined;
}
