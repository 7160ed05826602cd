import type { Classified } from '@/lib/browser/client/client';
import { formatDuration } from '@/lib/shared/numbers/format';
import styles from './provenance.module.css';
import { BACKEND_NAMES, fileWords } from './words/device';
import { placeName, reasonSentence, sentFigure, sentWords } from './words/place';

/** Says where an answer was computed, why, and how long each step took. */
export function Provenance({ classified }: { readonly classified: Classified }) {
  const sent = classified.on === 'server' ? classified.sent : undefined;
  return (
    <div className={styles.provenance}>
      <p className={styles.badge} data-on={classified.on}>
        <span className={styles.dot} aria-hidden />
        <strong>{placeName(classified)}</strong>
        {sent && <span className={styles.sent}>{sentFigure(sent)}</span>}
        <span className={styles.elapsed}>{formatDuration(classified.elapsedMs)}</span>
      </p>
      <p className={styles.reason}>{reasonSentence(classified)}</p>
      <details className={styles.details}>
        <summary>What took how long</summary>
        <p className={styles.timings}>{timings(classified)}</p>
        {sent && <p className={styles.timings}>{sentWords(sent)}</p>}
        {classified.on === 'device' && classified.answer.file && (
          <p className={styles.timings}>{fileWords(classified.answer.file)}</p>
        )}
      </details>
    </div>
  );
}

function timings(classified: Classified): string {
  const { decodeMs, inferenceMs, totalMs } = classified.answer.timings;
  if (classified.on === 'device') {
    const steps = `decode ${figure(decodeMs)} · inference ${figure(inferenceMs)} ms`;
    return `${steps} · ${BACKEND_NAMES[classified.answer.backend]}`;
  }
  if (classified.answer.cached) return `out of the cache in ${figure(totalMs)} ms`;
  const networkMs = Math.max(0, classified.elapsedMs - totalMs);
  return [
    `decode ${figure(decodeMs)}`,
    `queue ${figure(classified.answer.timings.queueMs)}`,
    `inference ${figure(inferenceMs)}`,
    `network ${figure(networkMs)} ms`,
  ].join(' · ');
}

function figure(milliseconds: number): string {
  return milliseconds.toFixed(1);
}
