'use client';

import { Download, Table2 } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import type { Chart } from '@/lib/shared/contract/statistics';
import styles from './chart-figure.module.css';
import { DataTable } from './data-table';
import { saveFile, svgFileText } from './download';
import { Drawing } from './drawing';
import { formatDate } from './format';
import { chartName, emptyText, isEmpty } from './names';
import { csvOf } from './table';
import { useWidth } from './use-width';

export interface ChartFigureProps {
  readonly chart: Chart;
  /** What the figures are of, in words: "the last hour". */
  readonly span: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** What stands in the names of files. */
  readonly fileTag: string;
}

/** A chart with its sentence, its drawing, its table and its files. */
export function ChartFigure({ chart, span, fromMs, toMs, fileTag }: ChartFigureProps) {
  const id = useId();
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(plot);
  const [isTable, setTable] = useState(false);
  const name = chartName(chart);
  const hasNothing = isEmpty(chart);
  const fileName = `sightline-${chart.id}-${fileTag}`;
  const saveSvg = () => {
    const drawn = plot.current?.querySelector('svg');
    if (!drawn) return;
    const subtitle = `${name}, ${span}, ${formatDate(toMs)}`;
    saveFile(`${fileName}.svg`, 'image/svg+xml', svgFileText(drawn, chart.title, subtitle));
  };
  return (
    <figure className={styles.card} aria-labelledby={`${id}-title`} data-chart={chart.id}>
      <figcaption className={styles.head}>
        <p className={styles.name}>{name}</p>
        <h3 id={`${id}-title`} className={styles.title}>
          {chart.title}
        </h3>
      </figcaption>
      <div ref={plot} className={styles.plot}>
        {hasNothing && <p className={styles.empty}>{emptyText(chart)}</p>}
        {!hasNothing && isTable && <DataTable chart={chart} name={name} />}
        {!hasNothing && !isTable && width > 0 && (
          <Drawing chart={chart} width={width} fromMs={fromMs} toMs={toMs} />
        )}
      </div>
      {!hasNothing && (
        <div className={styles.actions}>
          <Button
            aria-pressed={isTable}
            aria-label={`Table: ${name}`}
            onClick={() => setTable(!isTable)}
          >
            <Table2 size={14} aria-hidden />
            Table
          </Button>
          {!isTable && (
            <Button aria-label={`SVG: download ${name}`} onClick={saveSvg}>
              <Download size={14} aria-hidden />
              SVG
            </Button>
          )}
          <Button
            aria-label={`CSV: download ${name}`}
            onClick={() => saveFile(`${fileName}.csv`, 'text/csv', csvOf(chart))}
          >
            <Download size={14} aria-hidden />
            CSV
          </Button>
        </div>
      )}
    </figure>
  );
}
