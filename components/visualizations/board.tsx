'use client';

import { Printer } from 'lucide-react';
import { ChartFigure } from '@/components/charts/chart-figure';
import { formatMoment } from '@/components/charts/format';
import { Button } from '@/components/ui/button';
import { Segmented } from '@/components/ui/segmented';
import type { WindowName } from '@/lib/browser/live/visualizations';
import type { Chart, VisualizationsResponse } from '@/lib/shared/contract/statistics';
import styles from './board.module.css';
import { useVisualizations } from './use-visualizations';
import { useWindow } from './use-window';
import { fileTag, SPAN_NAMES, WINDOW_NAMES } from './words';

const WINDOWS = (Object.keys(WINDOW_NAMES) as WindowName[]).map((value) => ({
  value,
  label: WINDOW_NAMES[value],
}));

const SECTIONS: readonly { readonly title: string; readonly charts: readonly string[] }[] = [
  { title: 'Traffic', charts: ['throughput', 'latency', 'status', 'source', 'cache'] },
  { title: 'Answers', charts: ['confidence', 'labels', 'feedback', 'wrong-labels'] },
  { title: 'The model', charts: ['calibration', 'confusion', 'class-accuracy'] },
];

/** All charts of a window of time. */
export function Board() {
  const [window, setWindow] = useWindow();
  const { answer, hasFailed } = useVisualizations(window);
  return (
    <>
      <div className={styles.controls}>
        <Segmented label="Span of time" value={window} options={WINDOWS} onChange={setWindow} />
        <p className={styles.span} role="status">
          {statusOf(answer, window, hasFailed)}
        </p>
        <Button className={styles.print} disabled={!answer} onClick={() => print()}>
          <Printer size={14} aria-hidden />
          Print
        </Button>
      </div>
      {answer && <Sections answer={answer} />}
    </>
  );
}

function statusOf(
  answer: VisualizationsResponse | undefined,
  window: WindowName,
  hasFailed: boolean,
): string {
  if (hasFailed) {
    return answer
      ? `The server does not give its figures now; these are of ${formatMoment(Date.parse(answer.to))}.`
      : 'The server does not give its figures now. They appear here as soon as it does.';
  }
  if (answer?.window !== window) return '';
  const span = `${formatMoment(Date.parse(answer.from))} – ${formatMoment(Date.parse(answer.to))}`;
  return answer.partial ? `${span}; some are missing, their store does not answer` : span;
}

function Sections({ answer }: { readonly answer: VisualizationsResponse }) {
  const { charts, window, from, to } = answer;
  const shared = {
    span: SPAN_NAMES[window],
    fromMs: Date.parse(from),
    toMs: Date.parse(to),
    fileTag: fileTag(window, to),
  };
  return sectionsOf(charts).map(({ title, charts: inSection }) => (
    <section key={title} className={styles.section}>
      <h2 className={styles.heading}>{title}</h2>
      {inSection.length === 0 && (
        <p className={styles.note}>
          How good the model is appears here when its folder has an evaluation.json.
        </p>
      )}
      <div className={styles.grid}>
        {inSection.map((chart) => (
          <ChartFigure key={chart.id} chart={chart} {...shared} />
        ))}
      </div>
    </section>
  ));
}

/** A chart that a newer server gives and nobody here knows stands with the last section. */
function sectionsOf(charts: readonly Chart[]): { title: string; charts: Chart[] }[] {
  const known = new Set(SECTIONS.flatMap((section) => section.charts));
  return SECTIONS.map(({ title, charts: ids }, i) => ({
    title,
    charts: [
      ...ids.flatMap((id) => charts.filter((chart) => chart.id === id)),
      ...(i === SECTIONS.length - 1 ? charts.filter(({ id }) => !known.has(id)) : []),
    ],
  }));
}
