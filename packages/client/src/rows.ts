/** Rows as they are written, and as they are read again by a run that goes on. */
import papaparse from 'papaparse';
import { FORMULA } from '@/lib/shared/formula';
import type { Problem } from '@/lib/shared/contract/problems';
import type { Prediction } from '@/lib/shared/vision/ranking';

export interface Row {
  readonly file: string;
  readonly predictions: readonly Prediction[];
  readonly uncertain: boolean | undefined;
  readonly model: string | undefined;
  readonly version: string | undefined;
  /** Why there is no ranking. */
  readonly problem: Pick<Problem, 'type' | 'detail'> | undefined;
}

export interface Format {
  /** What a file begins with. */
  readonly head: string;
  /** One line, with its end. */
  readonly write: (row: Row) => string;
  /** Names of the files that whole rows are about. */
  readonly read: (text: string) => string[];
}

const COLUMNS = ['file', 'label', 'index', 'score', 'uncertain', 'model', 'version', 'problem'];
/** Text that a spreadsheet would take for a formula gets an apostrophe in front. */
const CSV = { escapeFormulae: FORMULA, newline: '\n' } as const;

const csv: Format = {
  head: `${COLUMNS.join(',')}\n`,
  write: ({ file, predictions: [first], uncertain, model, version, problem }) => {
    const said = problem && `${problem.type}: ${problem.detail}`;
    const cells = [
      file,
      first?.label,
      first?.index,
      first?.score,
      uncertain,
      model,
      version,
      said?.replace(/\s+/g, ' '),
    ];
    return `${papaparse.unparse([cells], CSV)}\n`;
  },
  read: (text) => papaparse.parse<string[]>(text).data.map(([file = '']) => file),
};

const jsonl: Format = {
  head: '',
  write: (row) => `${JSON.stringify(row)}\n`,
  read: (text) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as Row).file),
};

export const FORMATS = { csv, jsonl } as const;

/** A file's name as csv has it, where an apostrophe may be in front. */
export function cellOf(file: string): string {
  return papaparse.parse<string[]>(papaparse.unparse([[file]], CSV)).data[0]?.[0] ?? '';
}

/** The rows that are there whole: a process that was killed may have left half of one. */
export function wholeRows(text: string): string {
  for (let end = text.lastIndexOf('\n'); end >= 0; end = text.lastIndexOf('\n', end - 1)) {
    const whole = text.slice(0, end + 1);
    // A line may end inside of a quoted name.
    if ((whole.match(/"/g)?.length ?? 0) % 2 === 0) return whole;
    if (end === 0) break;
  }
  return '';
}
