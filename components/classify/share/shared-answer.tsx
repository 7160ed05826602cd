'use client';

import { Button } from '@/components/ui/button';
import type { SharedAnswer } from '@/lib/browser/share/link';
import answerStyles from '../answer-panel.module.css';
import { HeatOverlay } from '../explanation/heat-overlay';
import { Ranking } from '../ranking';
import { doubt } from '../words/answer';
import styles from './shared-answer.module.css';

export interface SharedAnswerViewProps {
  readonly shared: SharedAnswer;
  readonly onClose: () => void;
}

/** Shows an answer from a link: its ranking and heat map, without the picture. */
export function SharedAnswerView({ shared, onClose }: SharedAnswerViewProps) {
  const { model, ranking, selected, uncertain, image, map } = shared;
  const predictions = ranking.map(([label, score], index) => ({
    index,
    label,
    score,
    ...(selected === undefined ? {} : { selected: index < selected }),
  }));
  return (
    <section className={styles.shared} aria-label="Shared answer">
      <div className={styles.head}>
        <p>
          <strong>Somebody shared this answer.</strong> The picture did not come with it; the answer
          stands in the address, and nobody checked it. Model: {model}.
        </p>
        <Button onClick={onClose}>Close</Button>
      </div>
      {uncertain && <p className={answerStyles.doubt}>{doubt(predictions)}</p>}
      <div className={styles.columns}>
        <Ranking predictions={predictions} showsAllNames={false} isDoubtful={uncertain} />
        {map && (
          <figure className={styles.map}>
            <div style={{ aspectRatio: `${image.width} / ${image.height}` }}>
              <HeatOverlay explanation={map.explanation} size={image} opacity={1} />
            </div>
            <figcaption>Bright where the evidence for {map.label} was.</figcaption>
          </figure>
        )}
      </div>
    </section>
  );
}
