'use client';

import { Download, Table2 } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { download } from '@/lib/browser/download';
import type { Chart } from '@/lib/shared/contract/statistics';
import styles from './chart-figure.module.css';
import { DataTable } from './data-table';
import { svgFileText } from './svg-file';
import { Drawing, drawingHeight } from './drawing';
import { formatDate } from './format';
import { limitOf } from './limits';
import { chartName, emptyText, isEmpty } from './names';
import { csvOf } from './table';
import { useInTurn } from './use-in-turn';
import { useWidth } from './use-width';

export interface Shown {
  readonly chart: Chart;
  /** Title of the previous period. */
  readonly before?: string | undefined;
  /** The time window in words: "the last hour". */
  readonly span: string;
  /** End of the window, in milliseconds since the epoch. */
  readonly toMs: number;
  /** The part of file names that identifies the window. */
  readonly fileTag: string;
}

/** A chart with title, drawing, table and downloads. */
export function ChartFigure({ shown: given }: { readonly shown: Shown }) {
  const card = useRef<HTMLElement>(null);
  const taken = useInTurn(given, card);
  return (
    <figure
      ref={card}
      className={styles.card}
      data-chart={given.chart.id}
      data-empty={isEmpty(given.chart)}
      aria-busy={!taken}
    >
      <Content shown={taken ?? given} isDrawn={taken !== undefined} />
    </figure>
  );
}

interface ContentProps {
  readonly shown: Shown;
  /** False until its turn: all but the drawing is there, and the room for that. */
  readonly isDrawn: boolean;
}

function Content({ shown: { chart, before, span, toMs, fileTag }, isDrawn }: ContentProps) {
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(plot);
  const [isTable, setTable] = useState(false);
  const name = chartName(chart);
  const fileName = `sightline-${chart.id}-${fileTag}`;
  const saveSvg = () => {
    const drawn = plot.current?.querySelector('svg');
    if (!drawn) return;
    const subtitle = `${name}, ${span}, ${formatDate(toMs)}`;
    download(`${fileName}.svg`, 'image/svg+xml', svgFileText(drawn, chart.title, subtitle));
  };
  const saveCsv = () => download(`${fileName}.csv`, 'text/csv', csvOf(chart));
  const hasNothing = isEmpty(chart);
  const heightPx = useMemo(
    () => (width > 0 ? drawingHeight({ chart, width }) : undefined),
    [chart, width],
  );
  const limit = limitOf(chart.id);
  return (
    <>
      <figcaption className={styles.head}>
        <p className={styles.name}>{name}</p>
        <h3 className={styles.title}>{chart.title}</h3>
        {before !== undefined && <p className={styles.before}>The period before: {before}</p>}
        {!hasNothing && limit && (
          <p className={styles.limit}>Sightline’s alert rules call somebody {limit.words}.</p>
        )}
      </figcaption>
      <div ref={plot} className={styles.plot}>
        {hasNothing && <p className={styles.empty}>{emptyText(chart)}</p>}
        {!hasNothing && width > 0 && (
          // The table only hides the drawing, because drawing it again takes long.
          <div hidden={isTable} style={{ minHeight: heightPx }}>
            {isDrawn && <Drawing chart={chart} width={width} />}
          </div>
        )}
        {!hasNothing && isTable && <DataTable chart={chart} name={name} />}
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
          <Button aria-label={`SVG: download ${name}`} onClick={saveSvg}>
            <Download size={14} aria-hidden />
            SVG
          </Button>
          <Button aria-label={`CSV: download ${name}`} onClick={saveCsv}>
            <Download size={14} aria-hidden />
            CSV
          </Button>
        </div>
      )}
    </>
  );
}
