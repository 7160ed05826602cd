/** Counts, filters and sorts the pictures that the page shows. Pure functions. */
import { givenLabels, type Prediction } from '../../shared/vision/ranking';
import { shownName } from '@/lib/shared/model/labels';
import type { Sent } from '../client/client';
import { isOpen, type Row } from './queue';

export interface Counts {
  readonly all: number;
  readonly answered: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Pictures that are waiting or running. */
  readonly open: number;
}

export const STATE_FILTERS = ['all', 'answered', 'failed', 'open'] as const;
export type StateFilter = (typeof STATE_FILTERS)[number];

export const SORTS = ['order', 'name', 'label', 'score-down', 'score-up'] as const;
export type Sort = (typeof SORTS)[number];

/** A list, or a grid of pictures by label. */
export type Layout = 'list' | 'grid';

export interface View {
  /** Text to find in a path or label. */
  readonly text: string;
  readonly state: StateFilter;
  /** If set, only pictures of the class with this first name. */
  readonly label: string | undefined;
  readonly sort: Sort;
}

export const WHOLE_VIEW: View = { text: '', state: 'all', label: undefined, sort: 'order' };

export function count(rows: readonly Row[]): Counts {
  const counts = { all: rows.length, answered: 0, failed: 0, cancelled: 0, open: 0 };
  for (const row of rows) {
    if (isOpen(row)) counts.open++;
    else counts[row.state.kind as 'answered' | 'failed' | 'cancelled']++;
  }
  return counts;
}

/**
 * Bytes sent for all of the server's answers together.
 *
 * @returns undefined if every file was sent whole
 */
export function sentOf(rows: readonly Row[]): Sent | undefined {
  let [bytes, ofBytes, isLess] = [0, 0, false];
  for (const { state, file, bytes: keptBytes = file.size } of rows) {
    if (state.kind !== 'answered' || state.classified.on !== 'server') continue;
    const { sent } = state.classified;
    isLess ||= sent !== undefined;
    bytes += sent?.bytes ?? keptBytes;
    ofBytes += sent?.ofBytes ?? keptBytes;
  }
  return isLess ? { bytes, ofBytes } : undefined;
}

/** The class with the highest score of an answered picture. */
export function topPrediction({ state }: Row): Prediction | undefined {
  return state.kind === 'answered' ? state.classified.answer.predictions[0] : undefined;
}

/** The first label, or for a multi-label model all selected labels. */
export function labelsOf({ state }: Row): Prediction[] {
  return state.kind === 'answered' ? givenLabels(state.classified.answer.predictions) : [];
}

/** The rows that pass the filter, sorted. Equal rows keep their order. */
export function viewRows(rows: readonly Row[], view: View): readonly Row[] {
  const text = view.text.trim().toLowerCase();
  const shown = rows.filter(
    (row) => hasState(row, view.state) && hasLabel(row, view.label) && hasText(row, text),
  );
  return view.sort === 'order' ? shown : shown.sort(ORDERS[view.sort]);
}

/** How many pictures have each class, most frequent first. */
export function histogram(rows: readonly Row[]): readonly { label: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    for (const label of labelsOf(row).map(shownName)) {
      counts.set(label, (counts.get(label) ?? 0) + 1);
    }
  }
  return [...counts]
    .map(([label, count]) => ({ label, count }))
    .sort((a, b) => b.count - a.count || a.label.localeCompare(b.label, 'en'));
}

function hasState(row: Row, wanted: StateFilter): boolean {
  switch (wanted) {
    case 'all':
      return true;
    case 'answered':
      return row.state.kind === 'answered';
    case 'failed':
      return row.state.kind === 'failed' || row.state.kind === 'cancelled';
    case 'open':
      return isOpen(row);
  }
}

function hasLabel(row: Row, label: string | undefined): boolean {
  return label === undefined || labelsOf(row).some((given) => shownName(given) === label);
}

function hasText(row: Row, text: string): boolean {
  if (text === '' || row.path.toLowerCase().includes(text)) return true;
  return labelsOf(row).some(({ label }) => label.toLowerCase().includes(text));
}

function labelOf(row: Row): string | undefined {
  const top = topPrediction(row);
  return top && shownName(top);
}

/** Compares digits as numbers: picture 2 comes before picture 10. */
const names = new Intl.Collator('en', { numeric: true });

const byScore = (a: Row, b: Row) => (topPrediction(a)?.score ?? 0) - (topPrediction(b)?.score ?? 0);

/** Puts rows without an answer last, in every order. */
const answeredFirst = (order: (a: Row, b: Row) => number) => (a: Row, b: Row) =>
  Number(!topPrediction(a)) - Number(!topPrediction(b)) || order(a, b);

const ORDERS: Record<Exclude<Sort, 'order'>, (a: Row, b: Row) => number> = {
  name: (a, b) => names.compare(a.path, b.path),
  label: answeredFirst((a, b) => names.compare(labelOf(a) ?? '', labelOf(b) ?? '')),
  'score-down': answeredFirst((a, b) => byScore(b, a)),
  'score-up': answeredFirst(byScore),
};
