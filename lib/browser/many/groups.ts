import { shownName } from '@/lib/shared/model/labels';
import type { Row } from './queue';
import { topPrediction } from './view';

export interface Group {
  /** The first name of a class; undefined for pictures without an answer. */
  readonly label: string | undefined;
  readonly rows: readonly Row[];
}

/** Groups pictures by first label, most frequent first. Pictures without an answer come last. */
export function groupByLabel(rows: readonly Row[]): readonly Group[] {
  const groups = new Map<string | undefined, Row[]>();
  for (const row of rows) {
    const top = topPrediction(row);
    const label = top && shownName(top);
    const group = groups.get(label);
    if (group) group.push(row);
    else groups.set(label, [row]);
  }
  return [...groups]
    .map(([label, own]) => ({ label, rows: own }))
    .sort(
      (a, b) =>
        Number(a.label === undefined) - Number(b.label === undefined) ||
        b.rows.length - a.rows.length ||
        (a.label ?? '').localeCompare(b.label ?? '', 'en'),
    );
}
