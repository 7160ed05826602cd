'use client';

import { Slider } from 'radix-ui';
import { Button } from '@/components/ui/button';
import { Select } from '@/components/ui/select';
import { shownName } from '@/lib/shared/model/labels';
import { whereItLies } from '@/lib/shared/vision/explain/words';
import type { Prediction } from '@/lib/shared/vision/ranking';
import styles from './explanation.module.css';
import type { Explaining, ExplanationState } from './use-explanation';

export interface ExplanationPanelProps {
  readonly explaining: Explaining;
  readonly predictions: readonly Prediction[];
}

/**
 * Shows the explained label, the map's content in words, its legend, and a control for its opacity.
 */
export function ExplanationPanel({ explaining, predictions }: ExplanationPanelProps) {
  const { state, index, explain, stop, opacity, setOpacity } = explaining;
  return (
    <section className={styles.panel} aria-label="Explanation">
      <div className={styles.line}>
        <span>Why</span>
        <Select
          label="Label to explain"
          value={String(index)}
          options={predictions.map(({ index: value, label, name }) => ({
            value: String(value),
            label: shownName({ label, name }),
          }))}
          onChange={(value) => explain(Number(value))}
        />
        {state.kind === 'working' && <Button onClick={stop}>Cancel</Button>}
      </div>
      <p role="status" data-state={state.kind}>
        {sentence(state)}
      </p>
      {state.kind === 'explained' && (
        <>
          <div className={styles.line}>
            <span>nothing</span>
            <span className={styles.scale} aria-hidden />
            <span>decides</span>
          </div>
          <div className={styles.line}>
            <span>Map</span>
            <Slider.Root
              className={styles.slider}
              value={[Math.round(opacity * 100)]}
              max={100}
              step={5}
              onValueChange={([value]) => setOpacity((value ?? 0) / 100)}
            >
              <Slider.Track className={styles.track}>
                <Slider.Range className={styles.range} />
              </Slider.Track>
              <Slider.Thumb
                className={styles.thumb}
                aria-label="Opacity of the map"
                aria-valuetext={`${Math.round(opacity * 100)} percent`}
              />
            </Slider.Root>
          </div>
        </>
      )}
    </section>
  );
}

function sentence(state: ExplanationState): string {
  switch (state.kind) {
    case 'off':
      return '';
    case 'working':
      return state.total === 0
        ? 'Looking for what decides.'
        : `Looking for what decides: ${state.done} of ${state.total} places.`;
    case 'explained':
      return whereItLies(state.explanation);
    case 'failed':
      return 'This answer could not be explained now. Choose the label again to try once more.';
  }
}
