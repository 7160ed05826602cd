/** A chart as a table, for the page, for CSV files and for screen readers. */
import papaparse from 'papaparse';
import type { Chart } from '@/lib/shared/contract/statistics';
import { FORMULA } from '@/lib/shared/formula';

export type Cell = string | number | null;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Number of columns at the left that name the row. */
  readonly heads: number;
}

/**
 * All values of the API, unrounded.
 *
 * @param most maximum number of rows; default: all
 */
export function tableOf(chart: Chart, most = Infinity): Table {
  const table = chart.kind === 'heat' ? pairs(chart) : wide(chart, most);
  return { ...table, rows: table.rows.slice(0, most) };
}

/** Number of rows of the whole table. */
export function rowCount({ kind, x, series }: Chart): number {
  const lengths = series.map(({ points }) => points.length);
  if (kind === 'heat') return lengths.reduce((sum, length) => sum + length, 0);
  if (x.kind === 'number') return Math.max(0, ...lengths);
  return new Set(series.flatMap(({ points }) => points.map(([at]) => at))).size;
}

/**
 * What the `counts` of a chart count: label scores in the evaluation of a multi-label model, else
 * pictures.
 */
export function countedName({ series }: Chart): 'pictures' | 'label scores' {
  return series[0]?.id === 'label-scores' ? 'label scores' : 'pictures';
}

/** One row per x, one column per series. */
function wide(chart: Chart, most: number): Table {
  const { x, series, unit } = chart;
  const counted = countedName(chart) === 'pictures' ? 'Pictures' : 'Label scores';
  const columns = [x.label];
  for (const { label, counts } of series) {
    columns.push(`${label} (${unit})`);
    if (counts) columns.push(counted);
  }
  const positions = new Map<string | number, number>();
  const rows: Cell[][] = [];
  let column = 1;
  for (const { points, counts } of series) {
    points.slice(0, most).forEach(([at, value], i) => {
      // Numeric x values can be equal; each is still a separate point.
      const key = x.kind === 'number' ? i : at;
      const position = positions.get(key) ?? rows.length;
      if (position === rows.length) {
        positions.set(key, position);
        rows.push([at, ...Array<null>(columns.length - 1).fill(null)]);
      }
      rows[position]![column] = value;
      if (counts) rows[position]![column + 1] = counts[i] ?? null;
    });
    column += counts ? 2 : 1;
  }
  return { columns, rows, heads: 1 };
}

function pairs({ x, series, unit }: Chart): Table {
  const rows = series.flatMap(({ label, points }) =>
    points.map(([at, value]): Cell[] => [label, at, value]),
  );
  return { columns: ['Class', x.label, unit], rows, heads: 2 };
}

/**
 * The table as CSV (RFC 4180) with a header; unknown values are empty. Label names come from a
 * model, so they may contain formulas, which are escaped.
 */
export function csvOf(chart: Chart): string {
  const { columns, rows } = tableOf(chart);
  const all = [[...columns], ...rows.map((row) => [...row])];
  return `${papaparse.unparse(all, { newline: '\n', escapeFormulae: FORMULA })}\n`;
}
