'use client';

import { useMemo, useState } from 'react';
import { Button } from '@/components/ui/button';
import { localNumber } from '@/lib/browser/locale';
import type { Chart } from '@/lib/shared/contract/statistics';
import styles from './data-table.module.css';
import { formatMoment, formatValue } from './format';
import { rowCount, tableOf, type Cell } from './table';

const ROWS_AT_ONCE = 50;
const COUNTED = new Set(['Pictures', 'Label scores']);

/** The chart's data as a table. A long table shows its first rows, and the rest on request. */
export function DataTable({ chart, name }: { readonly chart: Chart; readonly name: string }) {
  const [most, setMost] = useState(ROWS_AT_ONCE);
  const { columns, rows, heads } = useMemo(() => tableOf(chart, most), [chart, most]);
  const total = useMemo(() => rowCount(chart), [chart]);
  return (
    <div className={styles.frame}>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={`${name} in figures`}>
        <table className={styles.table}>
          <caption className="visually-hidden">{chart.title}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={i}>
                {row.map((cell, column) =>
                  column < heads ? (
                    <th key={column} scope="row">
                      {headText(chart, cell)}
                    </th>
                  ) : (
                    <td key={column}>{cellText(chart, columns[column]!, cell)}</td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {total > most && (
        <p className={styles.more}>
          First {localNumber(most)} of {localNumber(total)} rows; the CSV has all.
          <Button onClick={() => setMost(most + ROWS_AT_ONCE)}>Show more</Button>
        </p>
      )}
    </div>
  );
}

function headText({ x }: Chart, cell: Cell): string {
  if (x.kind === 'time') return formatMoment(Date.parse(String(cell)));
  return typeof cell === 'number' ? formatValue('share', cell) : String(cell);
}

function cellText({ unit }: Chart, column: string, cell: Cell): string {
  if (typeof cell === 'string') return cell;
  return formatValue(COUNTED.has(column) ? 'pictures' : unit, cell);
}
