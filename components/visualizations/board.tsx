'use client';

import { Printer } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import useSWR from 'swr';
import { ChartFigure, type Shown } from '@/components/charts/chart-figure';
import { formatMoment, timeZoneName } from '@/components/charts/format';
import { finishTurns } from '@/components/charts/use-in-turn';
import { Button } from '@/components/ui/button';
import { Segmented } from '@/components/ui/segmented';
import { localSentence } from '@/lib/browser/locale';
import { fetchModelFolders } from '@/lib/browser/client/models';
import type { WindowName } from '@/lib/browser/live/visualizations';
import type { ModelsResponse } from '@/lib/shared/contract/models';
import type { VisualizationsResponse } from '@/lib/shared/contract/statistics';
import styles from './board.module.css';
import { RangeControls } from './range-controls';
import { useBefore, useVisualizations } from './use-visualizations';
import { selectWindow, useSelection } from './use-selection';
import { useNow } from './use-now';
import { fileTag, paperText, SPAN_NAMES, STALE_MS, updatedText, WINDOW_NAMES } from './words';

const WINDOWS = (Object.keys(WINDOW_NAMES) as WindowName[]).map((value) => ({
  value,
  label: WINDOW_NAMES[value],
}));

interface Section {
  readonly id: string;
  readonly title: string;
  readonly charts: readonly string[];
}

const SECTIONS: readonly Section[] = [
  {
    id: 'traffic',
    title: 'Traffic',
    charts: ['throughput', 'latency', 'status', 'source', 'cache'],
  },
  {
    id: 'answers',
    title: 'Answers',
    charts: ['confidence', 'uncertain', 'labels', 'drift', 'feedback', 'wrong-labels'],
  },
  { id: 'model', title: 'The model', charts: ['calibration', 'confusion', 'class-accuracy'] },
];

/** All charts of a window of time. */
export function Board() {
  const { window, until, compares, model } = useSelection();
  const { answer, hasFailed } = useVisualizations({ window, until, model });
  const before = useBefore(compares ? answer : undefined, model);
  const { data } = useSWR<ModelsResponse, Error>('models', () => fetchModelFolders());
  const shownModel = model ?? data?.models.find((folder) => folder.default)?.id;
  useEffect(() => {
    addEventListener('beforeprint', finishTurns);
    return () => removeEventListener('beforeprint', finishTurns);
  }, []);
  return (
    <>
      <div className={styles.controls}>
        <Segmented label="Span of time" value={window} options={WINDOWS} onChange={selectWindow} />
        <RangeControls until={until} compares={compares} />
        <Button className={styles.print} disabled={!answer} onClick={() => print()}>
          <Printer size={14} aria-hidden />
          Print
        </Button>
      </div>
      <div className={styles.reading}>
        <p role="status">{statusOf(answer, window, hasFailed)}</p>
        {answer && until === undefined && <Age toMs={Date.parse(answer.to)} />}
      </div>
      {answer && (
        <p className={styles.paper}>
          {paperText(answer, {
            model: shownModel,
            isPast: until !== undefined,
            host: location.host,
          })}
        </p>
      )}
      {answer && (
        <Sections
          answer={answer}
          before={compares ? before : undefined}
          isPast={until !== undefined}
        />
      )}
    </>
  );
}

/** The age of the figures. It keeps growing while no new figures arrive. */
function Age({ toMs }: { readonly toMs: number }) {
  const ageMs = Math.max(0, useNow() - toMs);
  return (
    <p className={styles.age} data-stale={ageMs > STALE_MS}>
      {updatedText(ageMs)}
    </p>
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
  const span = `${formatMoment(Date.parse(answer.from))} – ${formatMoment(Date.parse(answer.to))} (${timeZoneName()})`;
  return answer.partial ? `${span}; some are missing, their store does not answer` : span;
}

interface SectionsProps {
  readonly answer: VisualizationsResponse;
  readonly before: VisualizationsResponse | undefined;
  /** Whether the window ends in the past. */
  readonly isPast: boolean;
}

function Sections({ answer, before, isPast }: SectionsProps) {
  const sections = useMemo(() => sectionsOf(answer, before, isPast), [answer, before, isPast]);
  return sections.map(({ id, title, figures }) => (
    <section key={id} id={id} className={styles.section}>
      <h2 className={styles.heading}>{title}</h2>
      {figures.length === 0 && (
        <p className={styles.note}>
          How good the model is appears here when its folder has an evaluation.json.
        </p>
      )}
      <div className={styles.grid}>
        {figures.map((shown) => (
          <ChartFigure key={shown.chart.id} shown={shown} />
        ))}
      </div>
    </section>
  ));
}

const COUNTED = new Set(
  SECTIONS.filter(({ id }) => id !== 'model').flatMap(({ charts }) => charts),
);

function titleIn(answer: VisualizationsResponse | undefined, id: string): string | undefined {
  const title = answer?.charts.find((chart) => chart.id === id)?.title;
  return title && localSentence(title);
}

/** Puts charts that this page does not know, from a newer server, in the last section. */
function sectionsOf(
  { charts, window, to }: VisualizationsResponse,
  before: VisualizationsResponse | undefined,
  isPast: boolean,
) {
  const shared = {
    span: isPast ? WINDOW_NAMES[window] : SPAN_NAMES[window],
    toMs: Date.parse(to),
    fileTag: fileTag(window, to),
  };
  const known = new Set(SECTIONS.flatMap((section) => section.charts));
  const others = charts.filter(({ id }) => !known.has(id));
  return SECTIONS.map(({ id, title, charts: ids }, i) => {
    const own = ids.flatMap((wanted) => charts.filter((chart) => chart.id === wanted));
    const inSection = i === SECTIONS.length - 1 ? [...own, ...others] : own;
    const figures = inSection.map((chart): Shown => ({
      // Numbers in the title have the same format as in the drawing.
      chart: { ...chart, title: localSentence(chart.title) },
      // The evaluation has no previous period.
      before: COUNTED.has(chart.id) ? titleIn(before, chart.id) : undefined,
      ...shared,
    }));
    return { id, title, figures };
  });
}
