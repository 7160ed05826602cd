/** Exports the results as CSV and JSON, in the order in which the pictures were added. */
import papaparse from 'papaparse';
import { FORMULA } from '@/lib/shared/formula';
import type { Row } from './queue';
import { labelsOf, topPrediction } from './view';

/** Gives the page's text for the error of a failed row. */
export type Describe = (error: Error) => string;

interface Result {
  readonly position: number;
  readonly file: string;
  readonly bytes: number;
  readonly state: 'answered' | 'failed' | 'cancelled' | 'open';
  readonly source?: 'server' | 'device';
  readonly reason?: string;
  readonly model?: string;
  readonly version?: string;
  readonly predictions?: readonly { label: string; index: number; score: number }[];
  readonly problem?: string;
}

const COLUMNS = [
  'position',
  'file',
  'bytes',
  'state',
  'label',
  'index',
  'score',
  'source',
  'reason',
  'model',
  'version',
  'problem',
  'labels',
] as const;

/**
 * Results as CSV (RFC 4180). `labels` has the first label, or for a multi-label model all selected
 * labels. Text that a spreadsheet would run as a formula gets an apostrophe in front, because
 * anybody can choose a file's name.
 */
export function toCsv(rows: readonly Row[], describe: Describe): string {
  const data = rows.map((row) => ({
    ...toResult(row, describe),
    ...topPrediction(row),
    labels: labelsOf(row)
      .map(({ label }) => label)
      .join('; '),
  }));
  return `${papaparse.unparse({ fields: [...COLUMNS], data }, { newline: '\r\n', escapeFormulae: FORMULA })}\r\n`;
}

/** Results as JSON, with the complete rankings. */
export function toJson(rows: readonly Row[], describe: Describe): string {
  return `${JSON.stringify({ results: rows.map((row) => toResult(row, describe)) }, null, 2)}\n`;
}

function toResult(row: Row, describe: Describe): Result {
  const { id, path, file, state, bytes = file.size } = row;
  const base = { position: id + 1, file: path, bytes };
  switch (state.kind) {
    case 'waiting':
    case 'working':
      return { ...base, state: 'open' };
    case 'cancelled':
      return { ...base, state: 'cancelled' };
    case 'failed':
      return { ...base, state: 'failed', problem: describe(state.error) };
    case 'answered': {
      const { classified } = state;
      const { model, predictions } = classified.answer;
      return {
        ...base,
        state: 'answered',
        source: classified.on,
        ...(classified.on === 'device' ? { reason: classified.reason } : {}),
        model: model.id,
        version: model.version,
        predictions,
      };
    }
  }
}
