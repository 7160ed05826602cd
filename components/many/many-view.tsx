'use client';

import { useCallback, useMemo, useState } from 'react';
import { LargeModel } from '@/components/classify/large-model';
import { ModelPicker } from '@/components/classify/model-picker';
import { usePreparedDevice } from '@/components/classify/use-device';
import { useModel } from '@/components/classify/use-model';
import { Page } from '@/components/layout/page';
import { useDrops } from '@/components/layout/use-drops';
import { Button } from '@/components/ui/button';
import { MAX_ROWS } from '@/lib/browser/many/queue';
import {
  count,
  histogram,
  viewRows,
  WHOLE_VIEW,
  type Layout,
  type View,
} from '@/lib/browser/many/view';
import { DropFiles } from './drop-files';
import { SelectableGrid } from './grid/selectable-grid';
import { Histogram } from './histogram';
import styles from './many-view.module.css';
import { ProgressPanel } from './progress-panel';
import { Rows } from './rows';
import { Toolbar } from './toolbar';
import { getRunner, useMany, useRestoredList } from './use-many';
import { unansweredSentence } from './words';

/** The page `/many`: classifies a folder, and lists the answer for each picture. */
export function ManyView() {
  const model = useModel();
  const unanswered = useRestoredList();
  const queue = useMany();
  const [view, setView] = useState<View>(WHOLE_VIEW);
  const [layout, setLayout] = useState<Layout>('list');
  const [leftOut, setLeftOut] = useState(0);
  const counts = useMemo(() => count(queue.rows), [queue.rows]);
  usePreparedDevice(counts.answered > 0, model.used);

  const { rows } = queue;
  const shown = useMemo(() => viewRows(rows, view), [rows, view]);
  const bars = useMemo(() => histogram(rows), [rows]);
  const chooseLabel = useCallback(
    (label: string | undefined) => setView((before) => ({ ...before, label })),
    [],
  );

  const add = (files: readonly File[]) => {
    setLeftOut(Math.max(0, queue.rows.length + files.length - MAX_ROWS));
    getRunner().add(files);
  };
  const clear = () => {
    getRunner().clear();
    setView(WHOLE_VIEW);
    setLeftOut(0);
  };
  useDrops({
    words: (dropped) =>
      dropped === 1 ? 'Drop to add it to the list' : `Drop to add ${dropped} to the list`,
    onFiles: add,
  });
  const isEmpty = counts.all === 0;

  return (
    <Page title="Many pictures" className={styles.view}>
      <DropFiles isSmall={!isEmpty} leftOut={leftOut} onFiles={add} />
      {queue.rows.length === 0 && getRunner().canUndo && (
        <div className={styles.cleared} role="status">
          <span>The list was cleared.</span>
          <Button onClick={() => getRunner().undoClear()}>Undo</Button>
        </div>
      )}
      <ModelPicker model={model} />
      {!isEmpty && (
        <>
          {unanswered > 0 && <p role="status">{unansweredSentence(unanswered)}</p>}
          <LargeModel />
          <ProgressPanel queue={queue} counts={counts} onClear={clear} />
          <div className={styles.columns}>
            <section className={styles.list} aria-label="Results">
              <Toolbar
                layout={layout}
                onLayout={setLayout}
                view={view}
                onChange={setView}
                rows={queue.rows}
              />
              {layout === 'list' ? <Rows rows={shown} /> : <SelectableGrid rows={shown} />}
            </section>
            <Histogram bars={bars} chosen={view.label} onChoose={chooseLabel} />
          </div>
        </>
      )}
    </Page>
  );
}
